import { jsyaml } from "../deps/js_yaml.ts";
import { YamlError } from "./errors.ts";
import { goSyntaxMessage } from "./go_syntax.ts";
import { shortTag, type YamlNode } from "./node.ts";

/** Deepest nesting of collections taken. Real values files stay below 30. */
export const MAX_DEPTH = 1000;

type Collection = Extract<YamlNode, { kind: "sequence" | "mapping" }>;
type ScalarEvent = Parameters<typeof jsyaml.getScalarValue>[1];
interface Frame {
  readonly node: Collection | undefined;
  key: YamlNode | undefined;
}

/**
 * Parses all documents of a text to nodes; an empty document is `undefined`.
 *
 * @throws YamlError `Syntax` or `Depth`.
 */
export function parseToNodes(text: string): (YamlNode | undefined)[] {
  return new NodeBuilder(text).build(events(text));
}

function events(text: string): ReturnType<typeof jsyaml.parseEvents> {
  try {
    return jsyaml.parseEvents(text, { maxDepth: MAX_DEPTH });
  } catch (error) {
    if (!(error instanceof jsyaml.YAMLException)) throw error;
    const line = (error.mark?.line ?? 0) + 1;
    const reason = /depth/i.test(error.reason) ? "Depth" : "Syntax";
    const stop = { reason: error.reason, line, position: error.mark?.position ?? text.length };
    throw new YamlError(reason, goSyntaxMessage(text, stop), line);
  }
}

/** Builds nodes from the flat event list; one stack frame an open collection. */
class NodeBuilder {
  readonly #text: string;
  readonly #frames: Frame[] = [];
  readonly #documents: (YamlNode | undefined)[] = [];
  #anchors = new Map<string, YamlNode>();
  #root: YamlNode | undefined;
  #line = 1;
  #scanned = 0;

  constructor(text: string) {
    this.#text = text;
  }

  build(list: ReturnType<typeof jsyaml.parseEvents>): (YamlNode | undefined)[] {
    const { DOCUMENT, SCALAR, SEQUENCE, MAPPING, ALIAS, POP } = jsyaml.EVENT_ID;
    for (const event of list) {
      if (event.type === DOCUMENT) this.#open(undefined);
      else if (event.type === SCALAR) this.#scalar(event);
      else if (event.type === SEQUENCE) {
        this.#collection(event, { kind: "sequence", items: [], line: this.#lineAt(event.start) });
      } else if (event.type === MAPPING) {
        this.#collection(event, { kind: "mapping", pairs: [], line: this.#lineAt(event.start) });
      } else if (event.type === ALIAS) this.#alias(event);
      else if (event.type === POP) this.#close();
    }
    return this.#documents;
  }

  #open(node: Collection | undefined): void {
    if (node === undefined) {
      this.#anchors = new Map();
      this.#root = undefined;
    }
    this.#frames.push({ node, key: undefined });
  }

  #close(): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    if (frame.node === undefined) this.#documents.push(this.#root);
    else this.#add(frame.node);
  }

  #scalar(event: ScalarEvent): void {
    const tag = this.#slice(event.tagStart, event.tagEnd);
    const node: YamlNode = {
      kind: "scalar",
      text: this.#value(event),
      plain: event.style === jsyaml.SCALAR_STYLE.PLAIN,
      tag: tag === undefined ? undefined : shortTag(tag),
      line: this.#lineAt(event.valueStart),
    };
    this.#anchor(event, node);
    this.#add(node);
  }

  /** Go keeps a block scalar that the text ends in, without a line break, without one; the parser here adds it. */
  #value(event: ScalarEvent): string {
    const value = jsyaml.getScalarValue(this.#text, event);
    const isBlock = event.style === jsyaml.SCALAR_STYLE.LITERAL_BLOCK ||
      event.style === jsyaml.SCALAR_STYLE.FOLDED_BLOCK;
    if (!isBlock || event.valueEnd < this.#text.length || this.#text.endsWith("\n")) return value;
    return value.endsWith("\n") ? value.slice(0, -1) : value;
  }

  #collection(event: { anchorStart: number; anchorEnd: number }, node: Collection): void {
    this.#anchor(event, node);
    this.#open(node);
  }

  #alias(event: { anchorStart: number; anchorEnd: number }): void {
    const name = this.#slice(event.anchorStart, event.anchorEnd) ?? "";
    this.#add({ kind: "alias", name, target: this.#anchors.get(name), line: this.#lineAt(event.anchorStart) });
  }

  #anchor(event: { anchorStart: number; anchorEnd: number }, node: YamlNode): void {
    const name = this.#slice(event.anchorStart, event.anchorEnd);
    if (name !== undefined) this.#anchors.set(name, node);
  }

  #add(node: YamlNode): void {
    const frame = this.#frames.at(-1);
    if (frame?.node === undefined) this.#root = node;
    else if (frame.node.kind === "sequence") frame.node.items.push(node);
    else if (frame.key === undefined) frame.key = node;
    else {
      frame.node.pairs.push([frame.key, node]);
      frame.key = undefined;
    }
  }

  #slice(start: number, end: number): string | undefined {
    return start < 0 ? undefined : this.#text.slice(start, end);
  }

  /** Events come nearly in order, so counting goes on from the last place. */
  #lineAt(offset: number): number {
    if (offset < 0) return this.#line;
    for (
      let at = this.#text.indexOf("\n", this.#scanned);
      at !== -1 && at < offset;
      at = this.#text.indexOf("\n", at + 1)
    ) {
      this.#line++;
      this.#scanned = at + 1;
    }
    return this.#line;
  }
}
