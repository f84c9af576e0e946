/** The object part of a structural node. */
import { mentionedNames } from "./complete.ts";
import {
  type Conjunct,
  type Conjunction,
  conjunctionOf,
  isClosed,
  keyPatternsOf,
  namesOf,
  propertyOf,
  requiredOf,
  schemaAt,
} from "./conjunction.ts";
import { defaultOf } from "./defaults.ts";
import { accepts } from "./evaluate.ts";
import { isObject, objectOf } from "./json.ts";
import { mapStructure } from "./map_structure.ts";
import { nullable } from "./nullable.ts";
import { countVerdicts } from "./object_validation.ts";
import { baseHas, forObjects, inProperty, noteCuts, type Scope } from "./scope.ts";
import type { StructuralSchema } from "./types.ts";
import { allOf, isNothing, refuseNulls, UNSPEAKABLE } from "./value_validation.ts";

/** Schemas of properties that come from elsewhere: subcharts and `global` join the chart's own. */
export type Joined = ReadonlyMap<string, JoinedProperty>;

/** What joins one property. */
export interface JoinedProperty {
  readonly conjunction: Conjunction;
  /** What joins its own properties. */
  readonly joined?: Joined;
  /** Null cannot stand for "drop the chart's own" here. */
  readonly refusesNull?: boolean;
}

/** What a node's parts need. */
export interface ObjectPart {
  readonly conjunction: Conjunction;
  readonly scope: Scope;
  readonly joined: Joined;
  /** Whether the node holds maps only. */
  readonly typed: boolean;
  /** The node's value validations; what they speak about needs a node. */
  readonly validations: StructuralSchema;
  readonly structure: (conjunction: Conjunction, scope: Scope, joined?: Joined) => StructuralSchema;
}

/** `properties`, `required`, maps, and what happens to names that nobody knows. */
export function objectStructure(part: ObjectPart): StructuralSchema {
  const { conjunction, scope, joined, validations } = part;
  const names = namesOf(conjunction).union(new Set(joined.keys())).union(mentionedNames(validations))
    .union(refusedOwnNames(conjunction, scope));
  const counts = conjunction.flatMap((conjunct) => countVerdicts(conjunct, scope)).map((verdict) => verdict.schema);
  if (names.size === 0) return allOf([mapStructure(part), ...counts]);
  const properties = [...names].map((name) => propertyNode(part, name)).filter((property) => property !== undefined);
  const required = properties.filter((property) => property.required).map((property) => property.name);
  return allOf([
    {
      properties: objectOf(properties.map(({ name, schema }) => [name, schema])),
      ...(required.length === 0 ? {} : { required }),
      ...(isOpen(part) ? { "x-kubernetes-preserve-unknown-fields": true } : {}),
    },
    nullRefusal(properties.filter((property) => property.refusesNull).map((property) => property.name), scope),
    ...counts,
  ]);
}

const nullRefusal = (names: readonly string[], scope: Scope): StructuralSchema =>
  names.length === 0 ? {} : forObjects(refuseNulls(names), scope);

/** Closed only where the chart closes it and every allowed name can be listed. */
function isOpen({ conjunction, scope }: ObjectPart): boolean {
  const keyword = (name: string): boolean => conjunction.some(({ schema }) => schema[name] !== undefined);
  const patterns = conjunction.some((conjunct) => keyPatternsOf(conjunct).length > 0);
  if (patterns) {
    scope.notes.dropped(
      scope.path,
      "patternProperties",
      "A CRD has either named properties or a schema for all others",
    );
  }
  if (conjunction.some(isClosed) && !patterns) return false;
  if (
    conjunctionOf(
      conjunction.map((conjunct) => schemaAt(conjunct, "additionalProperties")).filter((at) => at !== undefined),
    ).length > 0
  ) {
    scope.notes.dropped(
      scope.path,
      "additionalProperties",
      "A CRD has either named properties or a schema for all others",
    );
  }
  if (keyword("propertyNames")) {
    scope.notes.dropped(scope.path, "propertyNames", "CEL does not see names that the schema does not list");
  }
  return true;
}

/** Names of values.yaml that the schema refuses as they are: Helm takes the chart only with another value there, or null. */
function refusedOwnNames(conjunction: Conjunction, scope: Scope): Set<string> {
  if (!isObject(scope.base)) return new Set();
  const { base } = scope;
  return new Set(Object.keys(base).filter((name) => !accepts(propertyOf(conjunction, name), base[name])));
}

interface PropertyNode {
  readonly name: string;
  readonly schema: StructuralSchema;
  readonly required: boolean;
  readonly refusesNull: boolean;
}

function propertyNode(part: ObjectPart, name: string): PropertyNode | undefined {
  const scope = inProperty(part.scope, name);
  const join = part.joined.get(name);
  const conjunction = [...propertyOf(part.conjunction, name, noteCuts(scope)), ...(join?.conjunction ?? [])];
  const compiled = part.structure(conjunction, scope, join?.joined);
  if (isNothing(compiled) && part.conjunction.some(isClosed) && !baseHas(part.scope, name)) return undefined;
  const { required, keepsNull, ...nulls } = presence(part, name, conjunction, scope);
  const refusesNull = nulls.refusesNull || join?.refusesNull === true;
  if (refusesNull && name === UNSPEAKABLE) {
    scope.notes.dropped(scope.path, "type", "Kubernetes lets no rule speak about null in a property `metadata`");
  }
  const value = defaultOf({ conjunction, schema: compiled, scope, asked: required });
  const schema = keepsNull ? nullable(compiled) : withoutNull(compiled);
  return {
    name,
    required,
    refusesNull,
    schema: { ...schema, ...(value === undefined ? {} : { default: value.value }) },
  };
}

const withoutNull = (schema: StructuralSchema): StructuralSchema => {
  const { nullable: _, ...rest } = schema;
  return rest;
};

/**
 * Whether the user must write a property, and what null does there.
 *
 * Helm judges the user's values merged over values.yaml: what values.yaml brings need not be written, and null there
 * takes it away. Where values.yaml has nothing, null stays and is judged.
 */
function presence(part: ObjectPart, name: string, conjunction: Conjunction, scope: Scope) {
  const asked = part.conjunction.some((conjunct: Conjunct) => requiredOf(conjunct).includes(name));
  if (baseHas(part.scope, name)) {
    const valid = accepts(conjunction, scope.base);
    if (asked && valid) {
      scope.notes.relaxed(scope.path, "required", "values.yaml has the value, so nobody needs to write it");
    }
    if (!valid) {
      scope.notes.relaxed(scope.path, "required", "values.yaml's own value does not satisfy the schema: write another");
    }
    return { required: !valid, keepsNull: true, refusesNull: asked };
  }
  const takesNull = accepts(conjunction, null);
  // A null that is not kept counts as absent, which is refused already where the property is required.
  return { required: asked, keepsNull: takesNull || !asked, refusesNull: !takesNull && !asked };
}
