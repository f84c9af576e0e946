/** Keywords about objects of one schema, as value validations that hold before Helm's merge with values.yaml. */
import {
  type Conjunct,
  type Conjunction,
  conjunctionOf,
  isClosed,
  keyPatternsOf,
  keyword,
  namesOf,
  propertyOf,
  propertySchemas,
  requiredOf,
  schemaAt,
} from "./conjunction.ts";
import { missing, present } from "./combinators.ts";
import { accepts } from "./evaluate.ts";
import { isObject, objectOf, ownObject } from "./json.ts";
import { baseHas, forObjects, inProperty, noteCuts, type Scope } from "./scope.ts";
import type { StructuralSchema } from "./types.ts";
import { allOf, anyOf, ANYTHING, exact, refuseNulls, UNSPEAKABLE, type Verdict, wider } from "./value_validation.ts";

/** Everything of one schema about properties. */
export function objectVerdicts(conjunct: Conjunct, scope: Scope): Verdict[] {
  return [
    ...Object.keys(ownObject(conjunct.schema, "properties")).map((name) => propertyVerdict(conjunct, name, scope)),
    ...requiredOf(conjunct).map((name) => exact(present(name, scope))),
    ...countVerdicts(conjunct, scope),
    ...otherNameVerdicts(conjunct, scope),
  ];
}

/** One property: what the user wrote, what values.yaml brings when nothing is written, and null. */
export function propertyVerdict(conjunct: Conjunct, name: string, scope: Scope): Verdict {
  const inner = inProperty(scope, name);
  const conjunction = conjunctionOf(propertySchemas(conjunct, name), noteCuts(inner));
  const { schema, exact: isExact } = scope.translate(conjunction, inner);
  const parts: StructuralSchema[] = [];
  if (name === UNSPEAKABLE && Object.keys(schema).length > 0) {
    scope.notes.dropped(
      inner.path,
      "properties",
      "Kubernetes lets no branch of a schema speak about a property `metadata`",
    );
    return wider(baseHas(scope, name) ? ANYTHING : allOf(parts));
  }
  if (Object.keys(schema).length > 0) parts.push({ properties: objectOf([[name, schema]]) });
  if (baseHas(scope, name)) {
    if (!accepts(conjunction, inner.base)) parts.push({ required: [name] });
  } else if (!accepts(conjunction, null) && accepts(scope.outer ? propertyOf(scope.outer, name) : [], null)) {
    parts.push(forObjects(refuseNulls([name]), scope));
  }
  return { schema: allOf(parts), exact: isExact };
}

/** `minProperties` and `maxProperties`: values.yaml adds keys to the user's. */
export function countVerdicts(conjunct: Conjunct, scope: Scope): Verdict[] {
  const [least, most] = [keyword(conjunct, "minProperties"), keyword(conjunct, "maxProperties")];
  const brought = isObject(scope.base) ? Object.keys(scope.base).length : 0;
  const verdicts: Verdict[] = [];
  if (typeof least === "number" && least > brought) verdicts.push(exact({ minProperties: least - brought }));
  if (typeof most === "number") verdicts.push(exact({ maxProperties: most }));
  if (verdicts.length === 0 || brought === 0) return verdicts;
  scope.notes.relaxed(scope.path, "minProperties", "Helm counts the properties after merging them with values.yaml");
  return verdicts.map(({ schema }) => wider(schema));
}

/** Keys that the schema does not name: closed objects, typed maps, patterns and names of keys. */
function otherNameVerdicts(conjunct: Conjunct, scope: Scope): Verdict[] {
  const known = allowedNames(scope.outer);
  const names = schemaAt(conjunct, "propertyNames");
  const additional = schemaAt(conjunct, "additionalProperties");
  const open = !isClosed(conjunct) && keyPatternsOf(conjunct).length === 0 && names === undefined &&
    (additional === undefined || conjunctionOf([additional]).length === 0 || additional.schema === true);
  if (open || (isObject(additional?.schema) && Object.keys(additional.schema).length === 0 && names === undefined)) {
    return [];
  }
  if (known !== undefined) {
    const own = new Set(Object.keys(ownObject(conjunct.schema, "properties")));
    return [...known].filter((name) => !own.has(name)).map((name) => {
      const nameFits = names === undefined || accepts(conjunctionOf([names]), name);
      const closed = isClosed(conjunct) && propertySchemas(conjunct, name).every((at) => at.schema === false);
      return !nameFits || closed ? exact(missing(name, scope)) : propertyVerdict(conjunct, name, scope);
    });
  }
  return closedVerdict(conjunct, scope) ??
    [...keywordsOfNames(conjunct)].map((name) => {
      scope.notes.dropped(scope.path, name, "A CRD cannot speak about keys that it does not name in one branch only");
      return wider(ANYTHING);
    });
}

const keywordsOfNames = (conjunct: Conjunct): string[] =>
  ["additionalProperties", "patternProperties", "propertyNames", "unevaluatedProperties"]
    .filter((name) => keyword(conjunct, name) !== undefined);

/** The most optional names whose presence can be spelled out. */
const SPELLED_OUT = 3;

/** No other keys: as many properties as known names are there. Only where values.yaml brings none. */
function closedVerdict(conjunct: Conjunct, scope: Scope): Verdict[] | undefined {
  const simple = isClosed(conjunct) && keyPatternsOf(conjunct).length === 0 &&
    schemaAt(conjunct, "propertyNames") === undefined;
  const brought = isObject(scope.base) && Object.keys(scope.base).length > 0;
  const required = requiredOf(conjunct);
  const optional = [...namesOf([conjunct])].filter((name) => !required.includes(name));
  if (!simple || brought || optional.length > SPELLED_OUT) return undefined;
  const subsets = optional.reduce<string[][]>((sets, name) => [...sets, ...sets.map((set) => [...set, name])], [[]]);
  const schemas = subsets.map((set): StructuralSchema => ({
    ...(set.length + required.length === 0 ? {} : { required: [...required, ...set] }),
    maxProperties: set.length + required.length,
  }));
  return [exact(anyOf(schemas))];
}

/** The names that a closed conjunction lets in; nothing where it is open. */
export function allowedNames(conjunction: Conjunction | undefined): Set<string> | undefined {
  if (conjunction === undefined || !conjunction.some(isClosed)) return undefined;
  if (conjunction.some((conjunct) => keyPatternsOf(conjunct).length > 0)) return undefined;
  const names = [...namesOf(conjunction)];
  return new Set(names.filter((name) =>
    conjunction.every((conjunct) => {
      const places = propertySchemas(conjunct, name);
      return places.every((at) => at.schema !== false);
    })
  ));
}
