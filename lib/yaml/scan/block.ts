import { type Cursor, isBlank, isBreak } from "./cursor.ts";
import { foldedBreaks } from "./plain.ts";

/** What stands behind `|` or `>`. */
interface Header {
  /** What becomes of the line breaks at the end: `-` none, `+` all, otherwise one. */
  readonly chomping: string;
  /** Indentation over that of the collection around it; 0 where the text tells. */
  readonly increment: number;
}

/**
 * Reads a block scalar, `|` or `>`.
 *
 * @param parentIndent Of the collection around it; -1 around the root.
 * @throws YamlError for a header that is none, or a tab in the indentation.
 */
export function scanBlock(cursor: Cursor, parentIndent: number): string {
  const isLiteral = cursor.code() === 0x7c;
  cursor.skip();
  const { chomping, increment } = scanHeader(cursor);
  cursor.finishLine();
  const wanted = increment === 0 ? 0 : Math.max(parentIndent, 0) + increment;
  let { breaks, indent } = scanBreaks(cursor, wanted, parentIndent);
  let [text, lastBreak, wasBlank] = ["", "", false];
  while (cursor.column === indent && !cursor.isAtEnd) {
    const beginsBlank = isBlank(cursor.code());
    // Lines that begin with blanks keep the breaks around them.
    const isFolded = !isLiteral && !wasBlank && !beginsBlank && lastBreak !== "";
    text += isFolded ? foldedBreaks(lastBreak, breaks) : lastBreak + breaks;
    wasBlank = beginsBlank;
    const start = cursor.at;
    cursor.skipLine();
    text += cursor.from(start);
    lastBreak = cursor.isAtEnd ? "" : cursor.readBreak();
    ({ breaks } = scanBreaks(cursor, indent, parentIndent));
  }
  if (chomping !== "-") text += lastBreak;
  return chomping === "+" ? text + breaks : text;
}

function scanHeader(cursor: Cursor): Header {
  let [chomping, increment] = ["", 0];
  const readChomping = () => {
    if (cursor.code() !== 0x2b && cursor.code() !== 0x2d) return;
    chomping = String.fromCharCode(cursor.code());
    cursor.skip();
  };
  readChomping();
  if (cursor.code() === 0x30) throw cursor.fault("found an indentation indicator equal to 0");
  if (cursor.code() > 0x30 && cursor.code() <= 0x39) {
    increment = cursor.code() - 0x30;
    cursor.skip();
    if (chomping === "") readChomping();
  }
  return { chomping, increment };
}

/** Empty lines, and the indentation of the first line that is not. @param indent 0 where it is not known yet. */
function scanBreaks(
  cursor: Cursor,
  indent: number,
  parentIndent: number,
): { readonly breaks: string; readonly indent: number } {
  let [breaks, most] = ["", 0];
  for (;;) {
    while ((indent === 0 || cursor.column < indent) && cursor.code() === 0x20) cursor.skip();
    most = Math.max(most, cursor.column);
    if ((indent === 0 || cursor.column < indent) && cursor.code() === 0x09) {
      throw cursor.fault("found a tab character where an indentation space is expected");
    }
    if (!isBreak(cursor.code())) break;
    breaks += cursor.readBreak();
  }
  return { breaks, indent: indent === 0 ? Math.max(most, parentIndent + 1, 1) : indent };
}
