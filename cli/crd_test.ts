import { deepEqual } from "node:assert/strict";
import { compileSchema } from "../lib/schema/mod.ts";
import { reportOf } from "./crd.ts";

const report = (schema: unknown, values: Record<string, unknown>) =>
  reportOf(compileSchema({ values, ...(schema === undefined ? {} : { schemaText: JSON.stringify(schema) }) }));

Deno.test("reportOf() lists what a CRD loses, section by section", () => {
  const properties = { a: { type: "string", pattern: "(?=x)" }, b: { type: "integer", default: 2 } };
  deepEqual(report({ required: ["a"], properties }, { a: "x", b: 1 }), [
    "# dropped: not enforced by the API server, but before a release is touched",
    '#   a (pattern): "(?=x)" is no RE2 syntax (look-around, back reference)',
    "# relaxed: weakened, since Helm judges values merged over values.yaml",
    "#   a (required): values.yaml has the value, so nobody needs to write it",
    "# shifted: schema defaults that differ from values.yaml, and which of the two applies",
    "#   b (default): values.yaml's 1 applies, as in Helm, which ignores schema defaults; 2 is not stored",
  ]);
});

Deno.test("reportOf() says when there is nothing to say, and when types were guessed", () => {
  deepEqual(report({ properties: {} }, {}), ["# Every constraint is part of the CRD"]);
  deepEqual(report(undefined, { a: 1 }), [
    "# The chart has no values.schema.json: types are read off values.yaml",
    "# Every constraint is part of the CRD",
  ]);
});
