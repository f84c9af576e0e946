import { parseAllDocuments } from "../deps/eemeli_yaml.ts";
import { YamlError } from "./errors.ts";
import { shortTag, type YamlNode } from "./node.ts";
import { MAX_DEPTH } from "./parse_events.ts";

/** The part of the fallback parser's node classes that is read here; they have no common discriminator to narrow by. */
interface ForeignNode {
  readonly items?: unknown[];
  readonly source?: unknown;
  readonly type?: unknown;
  readonly tag?: unknown;
  readonly anchor?: unknown;
  readonly value?: unknown;
}

/**
 * Parses with the slower, more lenient parser, for the few texts that the fast one refuses and Go accepts, such as a
 * flow sequence that closes at a lower indentation.
 *
 * @throws YamlError `Syntax` or `Depth`.
 */
export function parseToNodesLeniently(text: string): (YamlNode | undefined)[] {
  const documents = parseAllDocuments(text, {
    version: "1.1",
    schema: "failsafe",
    logLevel: "silent",
    uniqueKeys: false,
  });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const error = document.errors[0];
    if (error !== undefined) {
      const line = error.linePos?.[0].line ?? 1;
      throw new YamlError("Syntax", `yaml: line ${line}: ${error.message.split("\n")[0]}`, line);
    }
    return document.contents === null ? undefined : new Converter().convert(document.contents, 0);
  });
}

class Converter {
  readonly #anchors = new Map<string, YamlNode>();

  convert(input: unknown, depth: number): YamlNode {
    if (depth > MAX_DEPTH) throw new YamlError("Depth", `yaml: exceeded max depth of ${MAX_DEPTH}`);
    if (!isNode(input)) return { kind: "scalar", text: "", plain: true, tag: undefined, line: 0 };
    if (input.type === undefined && input.items === undefined && typeof input.source === "string") {
      return { kind: "alias", name: input.source, target: this.#anchors.get(input.source), line: 0 };
    }
    if (input.items === undefined) return this.#anchored(input, scalar(input));
    const isMapping = input.items.every(isPair) && input.constructor.name !== "YAMLSeq";
    return isMapping ? this.#mapping(input, depth) : this.#sequence(input, depth);
  }

  #sequence(input: ForeignNode, depth: number): YamlNode {
    const node: YamlNode = { kind: "sequence", items: [], line: 0 };
    this.#anchored(input, node);
    for (const item of input.items ?? []) node.items.push(this.convert(item, depth + 1));
    return node;
  }

  #mapping(input: ForeignNode, depth: number): YamlNode {
    const node: YamlNode = { kind: "mapping", pairs: [], line: 0 };
    this.#anchored(input, node);
    for (const pair of input.items ?? []) {
      if (isPair(pair)) node.pairs.push([this.convert(pair.key, depth + 1), this.convert(pair.value, depth + 1)]);
    }
    return node;
  }

  #anchored(input: ForeignNode, node: YamlNode): YamlNode {
    if (typeof input.anchor === "string") this.#anchors.set(input.anchor, node);
    return node;
  }
}

function scalar(input: ForeignNode): YamlNode {
  const plain = input.type === "PLAIN" || input.type === undefined;
  const text = input.value === null || input.value === undefined ? "" : String(input.value);
  return { kind: "scalar", text, plain, tag: typeof input.tag === "string" ? shortTag(input.tag) : undefined, line: 0 };
}

function isNode(input: unknown): input is ForeignNode {
  return typeof input === "object" && input !== null;
}

function isPair(input: unknown): input is { key: unknown; value: unknown } {
  return isNode(input) && "key" in input;
}
