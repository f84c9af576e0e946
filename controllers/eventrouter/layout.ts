/** A layout that users write: JSON in which strings are Go templates over the Event. */
import { sprigFunctions } from "../../lib/gotemplate/functions/mod.ts";
import { fromJson, TemplateError, TemplateSet } from "../../lib/gotemplate/mod.ts";
import type { LayoutSpec } from "./api.ts";
import { RegistrationError } from "./errors.ts";
import type { EventView } from "./event.ts";
import { type Layout, PRESETS } from "./presets.ts";

/** Bounds that a template meets long before it hurts. */
const LIMITS = { maxCharacters: 4 * 1024 * 1024, maxItems: 100_000 };

/**
 * Compiles a layout; the Event as it is where none is given.
 *
 * A template sees the fields of the Event (`.reason`, `.involvedObject.name`), and `.compositionId`, `.cluster`, `.time`,
 * `.object.labels`, `.object.annotations`, `.object.owners`. Strings without `{{` are copied.
 *
 * @throws {RegistrationError} `InvalidLayout`, naming the field of a template that does not parse.
 */
export function compileLayout(spec: LayoutSpec | undefined): Layout {
  if (spec?.template === undefined) return PRESETS[spec?.preset ?? "raw"];
  const set = new TemplateSet({ functions: sprigFunctions(LIMITS) });
  const make = compileValue(set, spec.template, "spec.layout.template");
  return (event, cluster) => make(() => scopeOf(event, cluster));
}

type Scope = ReturnType<typeof fromJson>;
type Maker = (scope: () => Scope) => unknown;

function compileValue(set: TemplateSet, value: unknown, at: string): Maker {
  if (typeof value === "string") return compileText(set, value, at);
  if (Array.isArray(value)) {
    const items = value.map((item, index) => compileValue(set, item, `${at}[${index}]`));
    return (scope) => items.map((item) => item(scope));
  }
  if (typeof value !== "object" || value === null) return () => value;
  const fields = Object.entries(value).map(([name, item]) => [name, compileValue(set, item, `${at}.${name}`)] as const);
  return (scope) => Object.fromEntries(fields.map(([name, make]) => [name, make(scope)]));
}

function compileText(set: TemplateSet, text: string, at: string): Maker {
  if (!text.includes("{{")) return () => text;
  try {
    set.parse(at, text);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new RegistrationError("InvalidLayout", `Cannot compile ${at}: ${error.message}`, { cause: error });
  }
  return (scope) => set.execute(at, scope());
}

/** What a template sees. */
function scopeOf(event: EventView, cluster: string | undefined): Scope {
  const { compositionId, ...object } = event.object;
  const { time } = event;
  return fromJson({ ...event.event, ...event.body, compositionId, cluster: cluster ?? "", time, object });
}
