import { Buffer } from "node:buffer";
import { YamlError } from "./errors.ts";
import { formatGoFloat } from "./float.ts";
import { goValue, isMergeKey } from "./go_value.ts";
import { LateFaults } from "./late_faults.ts";
import type { YamlNode } from "./node.ts";
import { type ResolvedScalar, resolveScalar, resolveTagged } from "./scalar.ts";

type Scalar = Extract<YamlNode, { kind: "scalar" }>;
type Mapping = Extract<YamlNode, { kind: "mapping" }>;

const CORE_SCALAR_TAGS = new Set(["str", "bool", "int", "float", "null", "timestamp"]);
/** Up to this many decoded nodes nearly all may come from aliases; beyond 4,000,000 a tenth (Go's yaml.v2). */
const ALIAS_RANGE_LOW = 400_000;
const ALIAS_RANGE_HIGH = 4_000_000;

/**
 * Turns a node tree into plain JSON values: every alias is a copy of its own, merge keys are applied in place (Go's
 * yaml.v2 lets a later `<<` win over an earlier key), later duplicates win, numbers become `number`.
 *
 * @throws YamlError `Alias`, `Key` or `Value`.
 */
export function construct(root: YamlNode): unknown {
  const constructor = new Constructor();
  const value = constructor.value(root);
  constructor.faults.check(value);
  return value;
}

/** Sets an own, enumerable property whatever its name: `__proto__` is a key like any other. */
export function setKey(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") target[key] = value;
  else Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

class Constructor {
  readonly #open = new Set<YamlNode>();
  /** What is wrong with the decoded value, once it is whole. */
  readonly faults = new LateFaults();
  #decoded = 0;
  #fromAliases = 0;
  #aliasDepth = 0;

  value(node: YamlNode): unknown {
    this.#count();
    switch (node.kind) {
      case "scalar":
        return this.#scalar(scalarOf(node));
      case "sequence":
        return node.items.map((item) => this.value(item));
      case "mapping":
        return this.#mapping(node, {});
      case "alias":
        return this.#throughAlias(node, (target) => this.value(target));
    }
  }

  #mapping(node: Mapping, into: Record<string, unknown>): Record<string, unknown> {
    for (const [key, value] of node.pairs) {
      if (isMergeKey(key)) this.#merge(value, into);
      else setKey(into, this.#key(key, value, into), this.value(value));
    }
    return into;
  }

  #merge(node: YamlNode, into: Record<string, unknown>): void {
    if (node.kind === "mapping") {
      this.#count();
      this.#mapping(node, into);
    } else if (node.kind === "alias") {
      this.#count();
      this.#throughAlias(node, (target) => {
        if (target.kind !== "mapping") throw wantsMap(node);
        this.#merge(target, into);
      });
    } else if (node.kind === "sequence") {
      // Earlier maps win, so they are merged last.
      for (const item of node.items.toReversed()) {
        if (item.kind !== "mapping" && item.kind !== "alias") throw wantsMap(node);
        this.#merge(item, into);
      }
    } else {
      throw wantsMap(node);
    }
  }

  #key(node: YamlNode, value: YamlNode, into: object): string {
    if (node.kind === "alias") return this.#throughAlias(node, (target) => this.#key(target, value, into));
    if (node.kind !== "scalar") {
      // What is wrong within it comes first.
      this.value(node);
      throw new YamlError("Key", `yaml: invalid map key: ${goValue(node, scalarOf)}`, node.line);
    }
    const scalar = scalarOf(node);
    switch (scalar.tag) {
      case "int":
        if (scalar.value >= 2n ** 63n) break;
        return String(scalar.value);
      case "float":
        return floatKey(scalar.value);
      case "null":
        break;
      default:
        return String(scalar.value);
    }
    // What is wrong with the value comes first.
    this.value(value);
    // The words of Go, slips of its formatter included.
    const [type, text] = scalar.tag === "null" ? ["%!s(<nil>)", "<nil>"] : ["uint64", goValue(node, scalarOf)];
    const message = `unsupported map key of type: ${type}, key: ${text}, value: ${goValue(value, scalarOf)}`;
    return this.faults.key(into, text, new YamlError("Key", message, node.line));
  }

  #throughAlias<T>(node: Extract<YamlNode, { kind: "alias" }>, use: (target: YamlNode) => T): T {
    if (node.target === undefined) {
      throw new YamlError("Alias", `yaml: unknown anchor '${node.name}' referenced`, node.line);
    }
    if (this.#open.has(node)) {
      throw new YamlError("Alias", `yaml: anchor '${node.name}' value contains itself`, node.line);
    }
    this.#open.add(node);
    this.#aliasDepth++;
    const result = use(node.target);
    this.#aliasDepth--;
    this.#open.delete(node);
    return result;
  }

  #scalar(scalar: ResolvedScalar): unknown {
    if (scalar.tag === "int") return Number(scalar.value);
    if (scalar.tag === "float" && !Number.isFinite(scalar.value)) this.faults.number();
    return scalar.value;
  }

  #count(): void {
    this.#decoded++;
    if (this.#aliasDepth > 0) this.#fromAliases++;
    if (
      this.#fromAliases > 100 && this.#decoded > 1000 && this.#fromAliases / this.#decoded > allowedRatio(this.#decoded)
    ) {
      throw new YamlError("Alias", "yaml: document contains excessive aliasing");
    }
  }
}

function allowedRatio(decoded: number): number {
  if (decoded <= ALIAS_RANGE_LOW) return 0.99;
  if (decoded >= ALIAS_RANGE_HIGH) return 0.1;
  return 0.99 - 0.89 * ((decoded - ALIAS_RANGE_LOW) / (ALIAS_RANGE_HIGH - ALIAS_RANGE_LOW));
}

function scalarOf(node: Scalar): ResolvedScalar {
  if (node.tag === undefined) return node.plain ? resolveScalar(node.text) : { tag: "str", value: node.text };
  if (node.tag === "binary") return { tag: "str", value: decodeBinary(node) };
  // A quoted scalar with an explicit `!` or a local tag stays text, as any unknown tag does.
  return CORE_SCALAR_TAGS.has(node.tag)
    ? resolveTagged(node.tag, node.text, node.line)
    : { tag: "str", value: node.text };
}

function decodeBinary(node: Scalar): string {
  const compact = node.text.replace(/[\r\n]/g, "");
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(compact)) {
    throw new YamlError("Value", "yaml: !!binary value contains invalid base64 data", node.line);
  }
  return Buffer.from(compact, "base64").toString("utf8");
}

function floatKey(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  return formatGoFloat(value, 32);
}

function wantsMap(node: YamlNode): YamlError {
  return new YamlError("Value", "yaml: map merge requires map or sequence of maps as the value", node.line);
}
