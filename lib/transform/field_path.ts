/** A step of a path: into an object, into an array, or into all that is there. */
export type Segment =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "wildcard" };

/** A parsed path, outermost step first. */
export type FieldPath = readonly Segment[];

/** A step into an object. */
export function field(name: string): Segment {
  return { kind: "field", name };
}

/** A step into an array. */
export function index(position: number): Segment {
  return { kind: "index", index: position };
}

/** A step into every field or element. */
export const wildcard: Segment = { kind: "wildcard" };

/** Largest index that is written in brackets; what is above is a field (the original parses 32 unsigned bits). */
const MAX_INDEX = 0xffff_ffff;

/** What stands between brackets, as the original reads it: an unsigned 32-bit number is an index, all else is a field. */
export function fieldOrIndex(text: string): Segment {
  if (/^\d+$/.test(text) && Number(text) <= MAX_INDEX) return index(Number(text));
  return text === "*" ? wildcard : field(trimQuotes(text));
}

/** A name without the quotes around it. */
export function trimQuotes(text: string): string {
  return text.replace(/^['"]+|['"]+$/g, "");
}

/** Whether a path names several places. */
export function hasWildcard(path: FieldPath): boolean {
  return path.some((segment) => segment.kind === "wildcard");
}

/**
 * A path as text, in the form that the original prints: `spec.containers[0].name`, `data[app.yml]`. Names that this form cannot
 * express are put in quotes, so that the text can be parsed again.
 */
export function formatFieldPath(path: FieldPath): string {
  return path.map(formatSegment).join("");
}

function formatSegment(segment: Segment, position: number): string {
  switch (segment.kind) {
    case "index":
      return `[${segment.index}]`;
    case "wildcard":
      return "[*]";
    case "field":
      return formatField(segment.name, position);
  }
}

function formatField(name: string, position: number): string {
  if (name === "" || name === "*" || /[[\]'"]/.test(name) || (position === 0 && name.startsWith("$"))) {
    const quote = name.includes("'") ? '"' : "'";
    return `[${quote}${name}${quote}]`;
  }
  if (!name.includes(".")) return position === 0 ? name : `.${name}`;
  return `[${name}]`;
}
