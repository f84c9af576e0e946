import assert from "node:assert/strict";
import type { StructuralSchema } from "../../schema/mod.ts";
import { cloneJson, equalJson } from "../json_value.ts";
import type { FieldError } from "../resource.ts";
import { schemaEngine } from "./mod.ts";
import data from "./testdata/scenarios.json" with { type: "json" };

/** What a real kube-apiserver said is beside every document: `tools/record_scenarios.ts`. */
interface Expected {
  readonly spec?: unknown;
  readonly message?: string;
  readonly causes?: readonly { readonly reason: string; readonly message: string; readonly field: string }[];
}

interface Group {
  readonly name: string;
  readonly schema: StructuralSchema;
  readonly documents?: readonly unknown[];
  readonly updates?: readonly (readonly unknown[])[];
  readonly expected: readonly Expected[];
}

function thing(spec: unknown): Record<string, unknown> {
  return { apiVersion: "kco.test/v1", kind: "Thing", metadata: { name: "x" }, spec: cloneJson(spec) };
}

function fit(schema: StructuralSchema, spec: unknown): Record<string, unknown> {
  const object = thing(spec);
  schemaEngine.prune(schema, object);
  schemaEngine.applyDefaults(schema, object);
  return object;
}

/** Causes in the order of their texts: the real server's order is that of Go's maps, which is none. */
function told(
  errors: readonly { readonly field: string; readonly message: string; readonly reason: string }[],
): string[] {
  // What is wrong with an expression every CEL compiler says in its own words.
  const text = (message: string) => message.replace(/(compilation failed): [\s\S]*/, "$1");
  return errors.map(({ field, message, reason }) => `${field}: ${text(message)} (${reason})`).sort();
}

function compare(errors: readonly FieldError[], expected: Expected, where: string): void {
  assert.deepEqual(told(errors), told(expected.causes ?? []), where);
}

for (const group of data.documents as unknown as Group[]) {
  Deno.test(`schemaEngine says what the real server says: ${group.name}`, () => {
    for (const [index, spec] of (group.documents ?? []).entries()) {
      const expected = group.expected[index] ?? {};
      const object = fit(group.schema, spec);
      const where = JSON.stringify(spec);
      compare(schemaEngine.validate(group.schema, object, undefined), expected, where);
      if (expected.message === undefined) {
        assert.ok(equalJson(object["spec"], expected.spec), `${where}: ${JSON.stringify(object["spec"])}`);
      }
    }
    for (const [index, [before, after]] of (group.updates ?? []).entries()) {
      const old = fit(group.schema, before);
      const created = schemaEngine.validate(group.schema, old, undefined);
      const errors = created.length > 0 ? created : schemaEngine.validate(group.schema, fit(group.schema, after), old);
      compare(errors, group.expected[index] ?? {}, JSON.stringify([before, after]));
    }
  });
}

/** What the real server names otherwise in a definition whose versions all have one schema. */
const PATH = "spec.validation.openAPIV3Schema";

for (const { name, schema, expected } of data.definitions as { name: string; schema: unknown; expected: Expected }[]) {
  Deno.test(`schemaEngine.checkStructural() refuses what the real server refuses: ${name}`, () => {
    compare(schemaEngine.checkStructural(schema, PATH), expected, name);
  });
}
