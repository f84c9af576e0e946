import { formatGoFloat } from "./float.ts";
import type { YamlNode } from "./node.ts";
import type { ResolvedScalar } from "./scalar.ts";

/**
 * A node as Go's `%#v` prints what yaml.v2 makes of it: messages about keys show values so.
 *
 * @param scalarOf Reads a scalar.
 */
export function goValue(node: YamlNode, scalarOf: (node: ScalarNode) => ResolvedScalar, depth = 0): string {
  if (depth > MAX_SHOWN) return "…";
  const inner = (child: YamlNode) => goValue(child, scalarOf, depth + 1);
  switch (node.kind) {
    case "alias":
      return node.target === undefined ? NIL : inner(node.target);
    case "sequence":
      return `[]interface {}{${node.items.map(inner).join(", ")}}`;
    case "mapping":
      return `map[interface {}]interface {}{${node.pairs.map((pair) => pair.map(inner).join(":")).join(", ")}}`;
    case "scalar":
      return scalarText(scalarOf(node), depth);
  }
}

type ScalarNode = Extract<YamlNode, { kind: "scalar" }>;

const NIL = "interface {}(nil)";
/** Deeper values are cut: a message is read by people. */
const MAX_SHOWN = 20;

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
      return JSON.stringify(String(scalar.value));
  }
}
