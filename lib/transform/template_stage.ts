import { TransformError } from "./errors.ts";

/** Words that begin a Go template action which is not an expression. */
const KEYWORDS = new Set(
  ["if", "else", "end", "range", "with", "define", "template", "block", "break", "continue"],
);

/** Quoted text of Go, which may hold anything. */
const QUOTED = /"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)*'/g;

/**
 * Refuses a stage that is more or less than one expression of a Go template. Stages are joined into one action; what closes that action,
 * such as `true }}yes{{ end`, would become a template of its own.
 *
 * @throws {TransformError} `Invalid`
 */
export function checkStage(stage: string): void {
  const bare = stage.replace(QUOTED, '""');
  const why = fault(bare);
  if (why === undefined) return;
  throw new TransformError(
    "Invalid",
    `Cannot use the transform ${
      JSON.stringify(stage)
    }: ${why}: a transform is one expression, such as b64enc or printf "x-%s"`,
  );
}

function fault(bare: string): string | undefined {
  if (bare.trim() === "") return "it is empty";
  if (bare.includes("{{") || bare.includes("}}")) return "it must not open or close a template action";
  if (bare.includes("/*") || bare.includes("*/")) return "it must not hold a comment";
  if (/["`']/.test(bare.replaceAll('""', ""))) return "a quote is not closed";
  if (/:=|(?<![=!<>])=(?!=)/.test(bare)) return "it must not assign a variable";
  if (/^\s*\||\|\s*\||\|\s*$/.test(bare)) return "a stage between two | is empty";
  const word = /^\s*-?\s*([a-z]+)/.exec(bare)?.[1];
  if (word !== undefined && KEYWORDS.has(word)) return `"${word}" is a statement`;
  return parenthesesFault(bare);
}

function parenthesesFault(bare: string): string | undefined {
  let depth = 0;
  for (const character of bare) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (depth < 0) return "a ) has no ( before it";
  }
  return depth > 0 ? "a ( is not closed" : undefined;
}
