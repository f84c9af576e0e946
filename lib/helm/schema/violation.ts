import { quote } from "../../gotemplate/mod.ts";

/** What a schema has against a value, with what led to it. */
export interface Violation {
  /** A `group` says only that several things failed; a `reference` that a `$ref`'s target did, and is not shown for one. */
  readonly kind: "plain" | "group" | "reference";
  /** JSON pointer of the value. */
  readonly place: string;
  readonly text: string;
  readonly below: readonly Violation[];
}

/** All that one schema has against one value as one violation. */
export function together(place: string, found: readonly Violation[]): Violation | undefined {
  return found.length <= 1 ? found[0] : { kind: "group", place, text: "validation failed", below: found };
}

/** The parts of a group; of any other violation itself. */
export function partsOf(violation: Violation): readonly Violation[] {
  return violation.kind === "group" ? violation.below : [violation];
}

/** Writes a violation as Helm 4 does: a line each, `- at '/path': what`, causes indented below. No line break at the end. */
export function violationText(violation: Violation): string {
  return partsOf(violation).flatMap((part) => [...lines(part, 0)]).join("\n");
}

function* lines(violation: Violation, depth: number): Generator<string> {
  const isShown = violation.kind !== "reference" || violation.below.length !== 1;
  if (isShown) yield `${"  ".repeat(depth)}- at ${singleQuoted(violation.place)}: ${violation.text}`;
  for (const cause of violation.below) yield* lines(cause, isShown ? depth + 1 : depth);
}

/** Go's `%q` with its quotes made single ones, as Helm's validator goes about it: of a text that ends in `\` one is lost. */
export function singleQuoted(text: string): string {
  return `'${quote(text).replaceAll('\\"', '"').replaceAll("'", "\\'").slice(1, -1)}'`;
}

/** Several texts in single quotes, with commas between. */
export function quotedList(texts: readonly string[]): string {
  return texts.map(singleQuoted).join(", ");
}
