/**
 * Indents the lines inside of `[…]` and `{…}` that stand too far left. Go does not mind them, the parser here does;
 * white space there means nothing else. Everything outside of flow collections stays as it is, line for line.
 */
export function indentFlowLines(text: string): string {
  const state = { depth: 0, quote: "", indent: 0 };
  let blockIndent = -1;
  return text.split("\n").map((line) => {
    const indent = line.length - line.trimStart().length;
    if (state.depth > 0) {
      const moved = " ".repeat(state.indent + 2) + line;
      scan(line, state);
      return moved;
    }
    if (blockIndent >= 0 && (indent > blockIndent || line.trim() === "")) return line;
    blockIndent = BLOCK_SCALAR.test(line) ? indent : -1;
    state.indent = indent;
    scan(line, state);
    return line;
  }).join("\n");
}

const BLOCK_SCALAR = /(?:^|[\s:-])[|>][-+0-9]*[ \t]*(?:#.*)?\r?$/;
/** What may stand before a value on its line: nothing, or the marks of keys, items, anchors and tags. */
const VALUE_START = /(?:^|[:\-?,[{]|[&!]\S*)\s*$/;

/** Follows brackets and quotes through a line. */
function scan(line: string, state: { depth: number; quote: string }): void {
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (state.quote !== "") {
      if (character === "\\" && state.quote === '"') at++;
      else if (character === state.quote) state.quote = "";
    } else if (character === "#" && (at === 0 || /\s/.test(line.charAt(at - 1)))) {
      return;
    } else if ("\"'[{".includes(character) && VALUE_START.test(line.slice(0, at))) {
      if (character === '"' || character === "'") state.quote = character;
      else state.depth++;
    } else if (state.depth > 0 && (character === "]" || character === "}")) {
      state.depth--;
    }
  }
  // A quoted text outside of flow collections may go on in the next line; nothing in it is a bracket that counts.
}
