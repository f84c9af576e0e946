/** From a chart's values.schema.json, values.yaml and subcharts to the schema of `spec`. */
import { checkDocument } from "./check.ts";
import { complete } from "./complete.ts";
import { type Conjunct, type Conjunction, conjunctionOf, isClosed } from "./conjunction.ts";
import { fill } from "./defaults.ts";
import { documentOf, readDocument } from "./document.ts";
import { SchemaError } from "./errors.ts";
import { accepts } from "./evaluate.ts";
import { inferSchema } from "./infer.ts";
import { isObject, ownObject } from "./json.ts";
import { typesOf } from "./json_types.ts";
import { Notes } from "./notes.ts";
import { noteCuts, type Scope } from "./scope.ts";
import { withinLimit } from "./size.ts";
import { structure } from "./structure.ts";
import {
  chartValues,
  enabledByDefault,
  joinedBy,
  readSubcharts,
  rootOf,
  type Subchart,
  switchedRules,
} from "./subcharts.ts";
import { translate } from "./translate.ts";
import type { CompiledSchema, SchemaInput, StructuralSchema } from "./types.ts";
import { allOf } from "./value_validation.ts";

/**
 * Compiles what a chart says about its values into a structural schema for a CRD's `spec`.
 *
 * What the API server then stores, Helm accepts; what Helm accepts is not refused; and nothing that a user writes goes
 * away silently. Where Kubernetes cannot follow, the report says so. One limit holds everywhere and is reported only
 * where a schema asks for more: an integer has 64 bits.
 *
 * @throws {SchemaError} when the schema, or an enabled subchart's, is none that Helm would compile.
 */
export function compileSchema(input: SchemaInput): CompiledSchema {
  const notes = new Notes();
  const base = chartValues(input);
  const scope: Scope = { path: [], notes, base, single: true, translate };
  const subcharts = readSubcharts(input, scope);
  const root = rootConjunction(input, scope);
  const joined = joinedBy(subcharts);
  const compiled = structure(root, scope, joined);
  const spec = withinLimit(complete(allOf([compiled, switchedRules(subcharts, { ...scope, outer: root })])));
  const specRequired = !accepts(root, base) || !subcharts.every((subchart) => acceptsOwn(subchart, base));
  return {
    spec: specRequired ? spec : withDefault(spec),
    specRequired,
    origin: input.schemaText === undefined ? "inferred" : "schema",
    ...notes.report(),
  };
}

/** The chart's own schema; the injected `global` is let in even where the root is closed. */
function rootConjunction(input: SchemaInput, scope: Scope): Conjunction {
  const document = input.schemaText === undefined
    ? documentOf(inferSchema(input.values))
    : readDocument(input.schemaText);
  checkDocument(document);
  const object = documentOf({ type: "object" });
  const conjunction = conjunctionOf([rootOf(object), rootOf(document)], noteCuts(scope)).map(withGlobal);
  if (typesOf(conjunction).has("object")) return conjunction;
  throw new SchemaError("NotASchema", "#", "Cannot use values.schema.json: it refuses every map, and values are a map");
}

function withGlobal(conjunct: Conjunct): Conjunct {
  const properties = ownObject(conjunct.schema, "properties");
  if (!isClosed(conjunct) || Object.hasOwn(properties, "global")) return conjunct;
  return { ...conjunct, schema: { ...conjunct.schema, properties: { ...properties, global: {} } } };
}

/** Whether a subchart's own values satisfy its schema, where it is on by default. */
function acceptsOwn(subchart: Subchart, above: unknown): boolean {
  const values = isObject(above) ? above[subchart.name] : undefined;
  if (subchart.switches === "tags" || !enabledByDefault(subchart, above)) return true;
  return accepts(subchart.conjunction, values) && subchart.subcharts.every((sub) => acceptsOwn(sub, values));
}

/** An absent `spec` gets the defaults of its properties too. */
function withDefault(spec: StructuralSchema): StructuralSchema {
  const value = fill(spec, {});
  return isObject(value) && Object.keys(value).length > 0 ? { ...spec, default: {} } : spec;
}
