/**
 * The tables of functions, put together.
 *
 * @module
 */
import { helmTable } from "./helm_functions.ts";
import { environmentOf, type FunctionOptions } from "./options.ts";
import { semverFunctions } from "./semver_value.ts";
import { cryptoFunctions } from "./sprig_crypto.ts";
import { dateFunctions } from "./sprig_dates.ts";
import { defaultFunctions } from "./sprig_defaults.ts";
import { dictFunctions } from "./sprig_dicts.ts";
import { encodingFunctions } from "./sprig_encoding.ts";
import { jsonFunctions } from "./sprig_json.ts";
import { listFunctions } from "./sprig_lists.ts";
import { mathFunctions } from "./sprig_math.ts";
import { pathFunctions } from "./sprig_paths.ts";
import { regexFunctions } from "./sprig_regex.ts";
import { stringFunctions } from "./sprig_strings.ts";
import { urlFunctions } from "./sprig_url.ts";
import type { FunctionTable } from "../signature.ts";

/**
 * All of sprig 3.3 but `env`, `expandenv` and `getHostByName`, which reach outside of the template.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { fromJson, TemplateSet } from "../mod.ts";
 * import { sprigFunctions } from "./mod.ts";
 *
 * const set = new TemplateSet({ functions: sprigFunctions({ now: () => new Date("2024-05-06T07:08:09Z") }) });
 * set.parse("t", '{{ .name | default "nobody" | upper | quote }} on {{ now | date "Jan 2, 2006" }}');
 * assert.equal(set.execute("t", fromJson({ name: "ada" })), '"ADA" on May 6, 2024');
 * ```
 */
export function sprigFunctions(options: FunctionOptions = {}): FunctionTable {
  const env = environmentOf(options);
  return {
    ...defaultFunctions,
    ...dictFunctions,
    ...encodingFunctions,
    ...jsonFunctions,
    ...pathFunctions,
    ...regexFunctions,
    ...semverFunctions,
    ...urlFunctions,
    ...cryptoFunctions(env),
    ...dateFunctions(env),
    ...listFunctions(env),
    ...mathFunctions(env),
    ...stringFunctions(env),
  };
}

/** Helm 4's own pure functions, to be laid over sprig's. `include`, `tpl`, `required` and `lookup` are bound by who renders. */
export function helmFunctions(_options: FunctionOptions = {}): FunctionTable {
  return helmTable;
}
