import { formatGoFloat } from "./float.ts";
import type { YamlNode } from "./node.ts";
import type { ResolvedScalar } from "./scalar.ts";

type ScalarNode = Extract<YamlNode, { kind: "scalar" }>;
type MappingNode = Extract<YamlNode, { kind: "mapping" }>;
type ScalarReader = (node: ScalarNode) => ResolvedScalar;

/** A key as it is shown, and where it comes among others. */
interface ShownKey {
  readonly text: string;
  /** Go sorts keys by type first. */
  readonly rank: number;
  readonly value: string | number | bigint;
}

const NIL = "interface {}(nil)";
/** Deeper values are cut: a message is read by people. */
const MAX_SHOWN = 20;

/**
 * A node as Go's `%#v` prints what yaml.v2 makes of it: messages about keys show values so.
 *
 * @param scalarOf Reads a scalar.
 */
export function goValue(node: YamlNode, scalarOf: ScalarReader, depth = 0): string {
  if (depth > MAX_SHOWN) return "…";
  switch (node.kind) {
    case "alias":
      return node.target === undefined ? NIL : goValue(node.target, scalarOf, depth + 1);
    case "sequence":
      return `[]interface {}{${node.items.map((item) => goValue(item, scalarOf, depth + 1)).join(", ")}}`;
    case "mapping":
      return mapText(node, scalarOf, depth);
    case "scalar":
      return scalarText(scalarOf(node), depth);
  }
}

function mapText(node: MappingNode, scalarOf: ScalarReader, depth: number): string {
  const entries = new Map<string, { readonly key: ShownKey; readonly value: string }>();
  collect(node, entries, scalarOf, depth);
  const sorted = [...entries.values()].sort(({ key: a }, { key: b }) => a.rank - b.rank || compare(a.value, b.value));
  return `map[interface {}]interface {}{${sorted.map(({ key, value }) => `${key.text}:${value}`).join(", ")}}`;
}

/** The entries of a mapping, those that it merges included; a later one of the same key counts. */
function collect(
  node: YamlNode,
  into: Map<string, { readonly key: ShownKey; readonly value: string }>,
  scalarOf: ScalarReader,
  depth: number,
): void {
  if (depth > MAX_SHOWN) return;
  if (node.kind === "alias" && node.target !== undefined) return collect(node.target, into, scalarOf, depth + 1);
  if (node.kind === "sequence") {
    for (const item of node.items.toReversed()) collect(item, into, scalarOf, depth + 1);
  }
  if (node.kind !== "mapping") return;
  for (const [keyNode, valueNode] of node.pairs) {
    if (isMergeKey(keyNode)) collect(valueNode, into, scalarOf, depth + 1);
    else {
      const key = shownKey(keyNode, scalarOf, depth);
      // `1` and `1.0` are shown alike, and are two keys.
      into.set(`${key.rank} ${key.text}`, { key, value: goValue(valueNode, scalarOf, depth + 1) });
    }
  }
}

/** Whether a key merges another mapping into its own. */
export function isMergeKey(node: YamlNode): boolean {
  return node.kind === "scalar" && node.text === "<<" &&
    (node.tag === "merge" || (node.plain && node.tag === undefined));
}

function shownKey(node: YamlNode, scalarOf: ScalarReader, depth: number): ShownKey {
  if (node.kind === "alias" && node.target !== undefined) return shownKey(node.target, scalarOf, depth);
  const text = goValue(node, scalarOf, depth + 1);
  if (node.kind !== "scalar") return { text, rank: 6, value: text };
  const scalar = scalarOf(node);
  switch (scalar.tag) {
    case "null":
      return { text, rank: 0, value: 0 };
    case "int":
      return { text, rank: scalar.value >= 2n ** 63n ? 2 : 3, value: scalar.value };
    case "float":
      return { text, rank: 4, value: Number.isNaN(scalar.value) ? -Infinity : scalar.value };
    case "bool":
      return { text, rank: 5, value: Number(scalar.value) };
    default:
      return { text, rank: 1, value: scalar.value };
  }
}

function compare(a: ShownKey["value"], b: ShownKey["value"]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function scalarText(scalar: ResolvedScalar, depth: number): string {
  switch (scalar.tag) {
    case "null":
      return depth === 0 ? "<nil>" : NIL;
    case "int":
      return scalar.value >= 2n ** 63n ? `0x${scalar.value.toString(16)}` : String(scalar.value);
    case "float":
      return formatGoFloat(scalar.value, 64);
    case "bool":
      return String(scalar.value);
    default:
      return goQuoted(scalar.value);
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  '"': '\\"',
  "\\": "\\\\",
};

/** A text as Go's `%q` quotes it: what is not printable is escaped. */
function goQuoted(text: string): string {
  const escaped = text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => {
    const known = ESCAPES[character];
    if (known !== undefined) return known;
    const code = character.codePointAt(0) ?? 0;
    const [letter, width] = code < 0x80 ? ["x", 2] as const : code < 0x10000 ? ["u", 4] as const : ["U", 8] as const;
    return `\\${letter}${code.toString(16).padStart(width, "0")}`;
  });
  return `"${escaped}"`;
}
