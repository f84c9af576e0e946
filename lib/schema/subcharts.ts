/** Subcharts: their schemas hold below their names, while they are enabled. */
import { checkDocument } from "./check.ts";
import { type Conjunction, conjunctionOf, propertyOf } from "./conjunction.ts";
import { documentOf, type Located, readDocument, type SchemaDocument } from "./document.ts";
import { accepts } from "./evaluate.ts";
import { coalesce, isObject, type JsonObject, objectOf, own } from "./json.ts";
import type { Joined, JoinedProperty } from "./object_structure.ts";
import { inProperty, noteCuts, type Scope } from "./scope.ts";
import type { StructuralSchema, SubchartInput } from "./types.ts";
import { allOf, anyOf, ANYTHING } from "./value_validation.ts";

/** A subchart, its schema read. */
export interface Subchart {
  readonly name: string;
  readonly conjunction: Conjunction;
  /** Whether the user's values can switch it off. */
  readonly switches: "never" | "condition" | "tags";
  readonly condition: string;
  /** Whether the parent's own values.yaml has something below the name: null may take that away. */
  readonly configured: boolean;
  readonly subcharts: readonly Subchart[];
}

type ChartInput = Pick<SubchartInput, "values" | "subcharts">;

/** The root schema of a document. */
export function rootOf(document: SchemaDocument): Located {
  return { document, schema: document.root, pointer: "#", trail: ["#"] };
}

/** What the structural node of a switched subchart enforces by itself. */
const ANY_MAP: Conjunction = conjunctionOf([rootOf(documentOf({ type: "object" }, ["*"]))]);

/** Reads the schemas of subcharts. A subchart's values are a map in any case: Helm gives up on anything else. */
export function readSubcharts(parent: ChartInput, scope: Scope, above: readonly string[] = []): Subchart[] {
  return (parent.subcharts ?? []).map((input) => {
    const chart = [...above, input.name];
    const inner = inProperty(scope, input.name);
    const documents = [documentOf({ type: "object" }, chart)];
    if (input.schemaText !== undefined) documents.push(readDocument(input.schemaText, chart));
    documents.forEach(checkDocument);
    if (input.schemaText !== undefined) {
      scope.notes.relaxed(
        inner.path,
        "default",
        "Schema defaults of subcharts are not stored; the subchart's values.yaml counts",
      );
    }
    return {
      name: input.name,
      conjunction: conjunctionOf(documents.map(rootOf), noteCuts(inner)),
      switches: input.condition ? "condition" : input.tags?.length ? "tags" : "never",
      condition: input.condition ?? "",
      configured: isObject(own(parent.values, input.name)),
      subcharts: readSubcharts(input, inner, chart),
    };
  });
}

/** The chart's values with those of its subcharts below their names, as Helm coalesces them; nulls drop out. */
export function chartValues(chart: ChartInput): JsonObject {
  const values = withoutNulls(chart.values);
  const subs = (chart.subcharts ?? []).map((sub): [string, unknown] => {
    const mine = own(values, sub.name);
    const merged = coalesce(isObject(mine) ? mine : {}, chartValues(sub));
    const global = own(values, "global");
    return [
      sub.name,
      isObject(global) && isObject(merged) ? { ...merged, global: coalesce(global, merged["global"]) } : merged,
    ];
  });
  return objectOf([...Object.entries(values), ...subs]);
}

function withoutNulls(values: JsonObject): Record<string, unknown> {
  return objectOf(
    Object.entries(values).filter(([, value]) => value !== null).map((
      [key, value],
    ) => [key, isObject(value) ? withoutNulls(value) : value]),
  );
}

/** What always-enabled subcharts say about the properties of the chart above, `global` included. */
export function joinedBy(subcharts: readonly Subchart[]): Joined {
  const joined = new Map<string, JoinedProperty>();
  for (const subchart of subcharts) {
    const always = subchart.switches === "never";
    const refusesNull = !subchart.configured;
    // Helm merges values before it looks at conditions: a map is asked for even while the subchart is off.
    joined.set(
      subchart.name,
      always
        ? { conjunction: subchart.conjunction, joined: joinedBy(subchart.subcharts), refusesNull }
        : { conjunction: ANY_MAP, refusesNull },
    );
  }
  const globals = subcharts.filter(({ switches }) => switches === "never").flatMap(globalOf);
  if (globals.length > 0) joined.set("global", { conjunction: globals });
  return joined;
}

/** A subchart's schema of `global`, whose type does not count: Helm passes on maps only and ignores the rest. */
function globalOf({ conjunction }: Subchart): Conjunction {
  return propertyOf(
    conjunction.filter(({ schema }) => isObject(schema["properties"]) && "global" in schema["properties"]),
    "global",
  )
    .map((conjunct) => {
      const { type: _, ...schema } = conjunct.schema;
      return { ...conjunct, schema };
    });
}

/** The rules of subcharts that a condition switches: the condition is off, or the subchart's schema holds. */
export function switchedRules(subcharts: readonly Subchart[], scope: Scope): StructuralSchema {
  return allOf(
    subcharts.filter(({ switches }) => switches !== "never").map((subchart) => {
      const inner = inProperty(scope, subchart.name);
      if (subchart.switches === "tags") {
        scope.notes.dropped(
          inner.path,
          "$schema",
          "Tags may switch the subchart off, so its schema is not part of the CRD",
        );
        return ANYTHING;
      }
      scope.notes.relaxed(inner.path, "$schema", `Holds only while the condition ${subchart.condition} is on`);
      return anyOf([disabled(subchart.condition, scope), rulesOf(subchart, scope)]);
    }),
  );
}

function rulesOf(subchart: Subchart, scope: Scope): StructuralSchema {
  const inner: Scope = { ...inProperty(scope, subchart.name), outer: ANY_MAP };
  const { schema } = inner.translate(subchart.conjunction, inner);
  const deeper = [
    ...subchart.subcharts.filter(({ switches }) => switches === "never").map((sub) => rulesOf(sub, inner)),
    switchedRules(subchart.subcharts.filter(({ switches }) => switches === "condition"), inner),
  ];
  const whole = allOf([schema, ...deeper]);
  return {
    properties: objectOf([[subchart.name, whole]]),
    ...(accepts(subchart.conjunction, inner.base) ? {} : { required: [subchart.name] }),
  };
}

/** Some path of the condition is false after Helm's merge; the first path that values.yaml decides is the last to ask. */
function disabled(condition: string, scope: Scope): StructuralSchema {
  const paths = condition.split(",").map((path) => path.trim()).filter((path) => path !== "").map((path) =>
    path.split(".")
  );
  const decided = paths.findIndex((path) => typeof valueAt(scope.base, path) === "boolean");
  return anyOf(paths.slice(0, decided === -1 ? undefined : decided + 1).map((path) => isFalse(path, scope.base)));
}

const valueAt = (base: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => isObject(value) ? own(value, key) : undefined, base);

function isFalse(path: readonly string[], base: unknown): StructuralSchema {
  const mustBeWritten = valueAt(base, path) !== false;
  return path.reduceRight<StructuralSchema>(
    (schema, key) => ({ ...(mustBeWritten ? { required: [key] } : {}), properties: objectOf([[key, schema]]) }),
    { enum: [false] },
  );
}

/** Whether values.yaml alone leaves a subchart on. */
export function enabledByDefault({ condition }: Subchart, base: unknown): boolean {
  for (const path of condition.split(",").map((text) => text.trim().split("."))) {
    const value = valueAt(base, path);
    if (typeof value === "boolean") return value;
  }
  return true;
}
