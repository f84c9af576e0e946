/** Words for people: `kubectl explain` shows them. */
import { type Conjunction } from "./conjunction.ts";
import { isObject } from "./json.ts";
import { ABSENT, type Scope } from "./scope.ts";
import type { StructuralSchema } from "./types.ts";

/** The longest default spelled out in a description, characters. */
const LONGEST_DEFAULT = 120;

/** Title, description with the chart's own default, and an example. */
export function annotationsOf(conjunction: Conjunction, scope: Scope): StructuralSchema {
  const text = (key: "title" | "description"): string | undefined =>
    conjunction.map(({ schema }) => schema[key]).find((value): value is string =>
      typeof value === "string" && value !== ""
    );
  const title = text("title");
  const description = [text("description"), chartDefault(scope)].filter((part) => part !== undefined).join("\n");
  const examples = conjunction.flatMap(({ schema: { examples } }) => Array.isArray(examples) ? examples : []);
  const format = conjunction.map(({ schema }) => schema["format"]).find((value) =>
    value === "int32" || value === "int64"
  );
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === "" ? {} : { description }),
    ...(format === "int32" || format === "int64" ? { format } : {}),
    ...(examples.length === 0 ? {} : { example: examples[0] }),
  };
}

/** values.yaml's value is named, not stored: stored, it would outlive the chart's version. */
function chartDefault({ base }: Scope): string | undefined {
  if (base === ABSENT || base === undefined || base === null || isObject(base)) return undefined;
  const text = JSON.stringify(base);
  return text.length > LONGEST_DEFAULT ? undefined : `Default in values.yaml: ${text}`;
}
