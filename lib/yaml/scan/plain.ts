import { type Cursor, isBlank, isBreak, isSpace } from "./cursor.ts";

/** A scalar without quotes, and whether it went over the end of a line: a key may begin behind it then. */
export interface PlainScalar {
  readonly text: string;
  readonly isMultiline: boolean;
}

/**
 * Reads a scalar without quotes; it ends before a comment, `: `, a document marker, a line that is less indented, and
 * within brackets before what has a meaning there.
 *
 * @param indent Of the collection around it.
 * @throws YamlError for a tab in the indentation.
 */
export function scanPlain(cursor: Cursor, indent: number, inFlow: boolean): PlainScalar {
  let [text, between, isMultiline] = ["", "", false];
  for (;;) {
    if (cursor.isAtMarker() || cursor.code() === 0x23) break;
    const start = cursor.at;
    while (!isSpace(cursor.code()) && !endsPlain(cursor, inFlow)) cursor.skip();
    if (cursor.at > start) {
      text += between + cursor.from(start);
      isMultiline = false;
    }
    if (!isBlank(cursor.code()) && !isBreak(cursor.code())) break;
    const space = scanSpace(cursor, indent);
    between = space.text;
    isMultiline = space.hasBreak;
    if (!inFlow && cursor.column <= indent) break;
  }
  return { text, isMultiline };
}

function endsPlain(cursor: Cursor, inFlow: boolean): boolean {
  const code = cursor.code();
  if (code === 0x3a) return isSpace(cursor.code(1));
  return inFlow && isFlowIndicator(code);
}

/** `, ? [ ] { }` */
function isFlowIndicator(code: number): boolean {
  return code === 0x2c || code === 0x3f || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}

/**
 * White space within a scalar, folded: one line break is a blank, more are one less; blanks around breaks go.
 *
 * @param indent Tabs up to this column are refused; without it none are.
 */
export function scanSpace(cursor: Cursor, indent = -1): { readonly text: string; readonly hasBreak: boolean } {
  const start = cursor.at;
  while (isBlank(cursor.code())) cursor.skip();
  if (!isBreak(cursor.code())) return { text: cursor.from(start), hasBreak: false };
  const first = cursor.readBreak();
  let more = "";
  for (;;) {
    if (isBreak(cursor.code())) more += cursor.readBreak();
    else if (isBlank(cursor.code())) {
      if (cursor.column <= indent && cursor.code() === 0x09) {
        throw cursor.fault("found a tab character that violates indentation");
      }
      cursor.skip();
    } else break;
  }
  return { text: foldedBreaks(first, more), hasBreak: true };
}

/** What line breaks become when lines are joined. Only a plain line feed becomes a blank. */
export function foldedBreaks(first: string, more: string): string {
  if (first !== "\n") return first + more;
  return more === "" ? " " : more;
}
