import assert from "node:assert/strict";
import { encodeUtf8, fromJson, TemplateError, TemplateSet } from "../mod.ts";
import { helmFunctions, sprigFunctions } from "./mod.ts";
import table from "./oracle_cases.json" with { type: "json" };

/** An expression and what Go's text/template with sprig 3.3 and Helm's functions makes of it. */
interface Case {
  readonly expr: string;
  readonly output?: string;
  /** The output where it is not UTF-8. */
  readonly base64?: string;
  readonly error?: string;
}

const TIME = '(toDate "2006-01-02T15:04:05Z07:00" "2023-07-05T09:08:07.123456789Z")';

/** Cases that differ for a reason that lies outside of this folder. */
const KNOWN: ReadonlyMap<string, string> = new Map([
  ['{{ fromYaml ": :" }}', "the YAML parser words this syntax error in its own way"],
  ['{{ len (semver "1.2.3") }}', "`len` names the type of the pointer, Go that of what it points to"],
  [`{{ eq ${TIME} ${TIME} }}`, "`eq` compares structs by identity"],
]);

const cases: readonly Case[] = table.cases;
const functions = { ...sprigFunctions(), ...helmFunctions() };

function run(text: string): { output: string } | { error: string } {
  try {
    const set = new TemplateSet({ functions, missingKey: "zero", name: "t" });
    set.parse("t", text);
    return { output: set.execute("t", fromJson(table.data)) };
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.message };
    throw error;
  }
}

function expected({ output = "", base64, error }: Case): Record<string, string> {
  if (error !== undefined) return { error };
  return base64 === undefined ? { output } : { base64 };
}

function actual({ expr, base64 }: Case): Record<string, string> {
  const result = run(expr);
  if (base64 === undefined || "error" in result) return result;
  return { base64: encodeUtf8(result.output).toBase64() };
}

Deno.test("sprigFunctions() and helmFunctions() print and fail as Go does for every recorded expression", () => {
  assert.ok(cases.length >= 600, `only ${cases.length} cases`);
  const differing = cases.filter((one) => !KNOWN.has(one.expr)).flatMap((one) => {
    const [ours, theirs] = [actual(one), expected(one)];
    return JSON.stringify(ours) === JSON.stringify(theirs) ? [] : [{ expr: one.expr, ours, theirs }];
  });
  assert.deepEqual(differing, []);
});
