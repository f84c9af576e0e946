/**
 * Go's time layouts: a layout is an example, the reference time `Mon Jan 2 15:04:05 MST 2006`, cut into fields and literal text.
 *
 * @module
 */

/** A field of a layout, named by how the reference time shows it. */
export type LayoutField = typeof FIELDS[number];

/** A piece of a layout: literal text, a field, or a fraction of a second. */
export type LayoutPiece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "field"; readonly text: string; readonly field: LayoutField }
  | { readonly kind: "fraction"; readonly text: string; readonly digits: number; readonly trimmed: boolean };

/** Longer spellings before their own prefixes. */
const FIELDS = [
  "January",
  "Jan",
  "Monday",
  "Mon",
  "MST",
  "2006",
  "002",
  "__2",
  "01",
  "02",
  "03",
  "04",
  "05",
  "06",
  "15",
  "_2",
  "PM",
  "pm",
  "-07:00:00",
  "-070000",
  "-07:00",
  "-0700",
  "-07",
  "Z07:00:00",
  "Z070000",
  "Z07:00",
  "Z0700",
  "Z07",
  "1",
  "2",
  "3",
  "4",
  "5",
] as const;

const FIELDS_BY_FIRST = Map.groupBy(FIELDS, (field) => field.charAt(0));
const FRACTION = /^[.,](0+|9+)(?![0-9])/;
const LOWER = /^[a-z]/;

const compiled = new Map<string, readonly LayoutPiece[]>();
const MAX_CACHED = 256;

/** Cuts a layout into its pieces. */
export function parseLayout(layout: string): readonly LayoutPiece[] {
  const known = compiled.get(layout);
  if (known !== undefined) return known;
  const pieces = cut(layout);
  if (compiled.size >= MAX_CACHED) compiled.clear();
  compiled.set(layout, pieces);
  return pieces;
}

function cut(layout: string): LayoutPiece[] {
  const pieces: LayoutPiece[] = [];
  let text = "";
  for (let at = 0; at < layout.length;) {
    const piece = pieceAt(layout.slice(at, at + 64));
    if (piece === undefined) {
      text += layout.charAt(at++);
      continue;
    }
    if (text !== "") pieces.push({ kind: "text", text });
    text = "";
    pieces.push(piece);
    at += piece.text.length;
  }
  if (text !== "") pieces.push({ kind: "text", text });
  return pieces;
}

function pieceAt(rest: string): LayoutPiece | undefined {
  const fraction = FRACTION.exec(rest);
  if (fraction !== null) {
    const [text, digits = ""] = fraction;
    return { kind: "fraction", text, digits: digits.length, trimmed: digits.startsWith("9") };
  }
  for (const field of FIELDS_BY_FIRST.get(rest.charAt(0)) ?? []) {
    if (!rest.startsWith(field)) continue;
    // "Janet" and "Money" are words, and "_2006" is a literal underscore before a year.
    if ((field === "Jan" || field === "Mon") && LOWER.test(rest.slice(3))) continue;
    if (field === "_2" && rest.startsWith("_2006")) continue;
    return { kind: "field", text: field, field };
  }
  return undefined;
}
