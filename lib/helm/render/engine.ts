import { TemplateError, TemplateSet } from "../../gotemplate/mod.ts";
import { BoundedCache } from "../bounded_cache.ts";
import { RenderError } from "./errors.ts";
import { isPartial, type ScopedTemplate } from "./scope.ts";
import { valuesMap } from "./values_map.ts";
import type { Session } from "./session.ts";
import { executionFailure, parseFailure } from "./template_errors.ts";
import { FunctionHost, templateFunctions, withoutNoValue } from "./template_functions.ts";
import { GoMap } from "../../gotemplate/mod.ts";

const host = new FunctionHost();
const functions = templateFunctions(host);

/** Parsed charts, by a key of their own, and the bytes that they may take together. */
const parsed = new BoundedCache<string, TemplateSet>(96 * 1024 * 1024, ({ weight }) => weight);

/**
 * Executes all templates but partials and answers their output by path.
 *
 * @param key Names the texts: sets of templates are kept by it. Undefined keeps none.
 * @param maxOutput Longest output of all templates together, characters.
 * @throws RenderError in Helm's form; LookupSuspension where an answer of the cluster is needed first.
 */
export function executeTemplates(
  templates: readonly ScopedTemplate[],
  session: Session,
  key: string | undefined,
  maxOutput: number,
): Map<string, string> {
  const set = templateSet(templates, key, maxOutput);
  const attempt = { current: set, included: new Map<string, number>(), tapeAt: 0 };
  return host.run(session, attempt, () => {
    const output = new Map<string, string>();
    let length = 0;
    for (const template of templates) {
      if (isPartial(template.path)) continue;
      template.scope.set("Template", valuesMap(new GoMap([["Name", template.path], ["BasePath", template.basePath]])));
      attempt.current = set;
      const text = withoutNoValue(execute(set, template));
      length += text.length;
      if (length > maxOutput) throw tooLarge(maxOutput);
      output.set(template.path, text);
    }
    return output;
  });
}

function execute(set: TemplateSet, template: ScopedTemplate): string {
  try {
    return set.execute(template.path, template.scope);
  } catch (error) {
    if (error instanceof TemplateError) throw executionFailure(template.path, error);
    throw error;
  }
}

function templateSet(templates: readonly ScopedTemplate[], key: string | undefined, maxOutput: number): TemplateSet {
  const cacheKey = key === undefined ? undefined : `${maxOutput}:${key}`;
  const known = cacheKey === undefined ? undefined : parsed.get(cacheKey);
  const set = known ?? parseAll(templates, maxOutput);
  if (cacheKey === undefined) return set;
  if (known === undefined) parsed.set(cacheKey, set);
  return set;
}

function parseAll(templates: readonly ScopedTemplate[], maxOutput: number): TemplateSet {
  const set = new TemplateSet({ functions, missingKey: "zero", limits: { output: maxOutput }, name: "gotpl" });
  for (const { path, text } of templates) {
    try {
      set.parse(path, text);
    } catch (error) {
      if (error instanceof TemplateError) throw parseFailure(path, error);
      throw error;
    }
  }
  return set;
}

function tooLarge(limit: number): RenderError {
  return new RenderError(
    "OutputTooLarge",
    `The chart's output exceeds ${limit} characters: raise the output limit or check the chart's loops`,
  );
}
