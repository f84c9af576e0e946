/** Puts the tokens of a text together to nodes. */
import { YamlError } from "./errors.ts";
import { shortTag, type YamlNode } from "./node.ts";
import { checkCharacters } from "./scan/characters.ts";
import { Scanner } from "./scan/scanner.ts";
import { TOKEN, type Token, type TokenKind } from "./scan/token.ts";

const DEFAULT_PREFIXES: readonly (readonly [string, string])[] = [["!", "!"], ["!!", "tag:yaml.org,2002:"]];

/** An anchor and a tag that stand before a node. */
interface Properties {
  readonly anchor: string | undefined;
  readonly tag: string | undefined;
  readonly line: number;
}

/**
 * The root nodes of a text's documents, one after another. A document is read when it is asked for, as in Go: what is
 * wrong behind it is not seen.
 *
 * @throws YamlError `Syntax`, `Alias` or `Depth`.
 */
export function* parseDocuments(text: string): Generator<YamlNode> {
  const scanner = new Scanner(text);
  const stop = checkCharacters(text);
  try {
    const parser = new NodeParser(scanner);
    for (let root = parser.document(); root !== undefined; root = parser.document()) {
      stop?.(scanner.at);
      yield root;
    }
  } catch (error) {
    stop?.(scanner.at);
    throw error;
  }
}

/** Recursive descent over tokens. Each method leaves the token behind what it read as the next one. */
class NodeParser {
  readonly #scanner: Scanner;
  #anchors = new Map<string, YamlNode>();
  #prefixes = new Map(DEFAULT_PREFIXES);
  #isFirst = true;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  /** The next document's root; undefined where there is none. */
  document(): YamlNode | undefined {
    if (!this.#isFirst) { while (this.#take(TOKEN.documentEnd)); }
    this.#anchors = new Map();
    const first = this.#scanner.peek();
    const isExplicit = isDirective(first) || first.kind === TOKEN.documentStart;
    if (first.kind === TOKEN.streamEnd) return undefined;
    if (isExplicit) this.#directives();
    if ((isExplicit || !this.#isFirst) && !this.#take(TOKEN.documentStart)) {
      throw this.#fault("did not find expected <document start>");
    }
    this.#isFirst = false;
    const root = isExplicit && this.#isDocumentOver() ? this.#empty(this.#scanner.peek()) : this.#node(true, false);
    // What follows belongs to the next document, but has to be a token.
    this.#scanner.peek();
    return root;
  }

  #isDocumentOver(): boolean {
    const next = this.#scanner.peek();
    return isDirective(next) || next.kind === TOKEN.documentStart || next.kind === TOKEN.documentEnd ||
      next.kind === TOKEN.streamEnd;
  }

  #directives(): void {
    this.#prefixes = new Map();
    let hasVersion = false;
    for (let next = this.#scanner.peek(); isDirective(next); next = this.#scanner.peek()) {
      if (next.kind === TOKEN.tagDirective) {
        if (this.#prefixes.has(next.text)) throw this.#fault("found duplicate %TAG directive");
        this.#prefixes.set(next.text, next.suffix);
      } else {
        if (hasVersion) throw this.#fault("found duplicate %YAML directive");
        if (next.text !== "1.1") throw this.#fault("found incompatible YAML document");
        hasVersion = true;
      }
      this.#scanner.skip();
    }
    for (const [handle, prefix] of DEFAULT_PREFIXES) {
      if (!this.#prefixes.has(handle)) this.#prefixes.set(handle, prefix);
    }
  }

  /**
   * @param isBlock Whether block collections may stand here.
   * @param mayBeIndentless Whether the items of a list may stand no further right than the key that it belongs to.
   */
  #node(isBlock: boolean, mayBeIndentless: boolean): YamlNode {
    const first = this.#scanner.peek();
    if (first.kind === TOKEN.alias) return this.#alias(first);
    const properties = this.#properties(first);
    const next = this.#scanner.peek();
    if (mayBeIndentless && next.kind === TOKEN.blockEntry) return this.#indentlessSequence(properties);
    switch (next.kind) {
      case TOKEN.scalar:
        this.#scanner.skip();
        return this.#scalar(next, properties);
      case TOKEN.flowSequenceStart:
        return this.#flowSequence(properties);
      case TOKEN.flowMappingStart:
        return this.#flowMapping(properties);
      case TOKEN.blockSequenceStart:
        if (isBlock) return this.#blockSequence(properties);
        break;
      case TOKEN.blockMappingStart:
        if (isBlock) return this.#blockMapping(properties);
    }
    if (properties.anchor === undefined && properties.tag === undefined) {
      throw this.#fault("did not find expected node content");
    }
    return this.#scalar(undefined, properties);
  }

  #alias({ text: name, line }: Token): YamlNode {
    const target = this.#anchors.get(name);
    if (target === undefined) throw new YamlError("Alias", `yaml: unknown anchor '${name}' referenced`, line + 1);
    this.#scanner.skip();
    return { kind: "alias", name, target, line: line + 1 };
  }

  #properties(first: Token): Properties {
    let [anchor, tag]: [string | undefined, Token | undefined] = [undefined, undefined];
    for (let next = first;; next = this.#scanner.peek()) {
      if (next.kind === TOKEN.anchor && anchor === undefined) anchor = next.text;
      else if (next.kind === TOKEN.tag && tag === undefined) tag = next;
      else break;
      this.#scanner.skip();
    }
    return { anchor, tag: tag === undefined ? undefined : this.#tagOf(tag), line: first.line + 1 };
  }

  #tagOf({ text: handle, suffix, line }: Token): string {
    if (handle === "") return shortTag(suffix);
    const prefix = this.#prefixes.get(handle);
    if (prefix === undefined) throw faultAt(line, "found undefined tag handle");
    return shortTag(prefix + suffix);
  }

  #scalar(found: Token | undefined, { anchor, tag, line }: Properties): YamlNode {
    return this.#anchored(anchor, {
      kind: "scalar",
      text: found?.text ?? "",
      plain: found?.isPlain ?? true,
      tag,
      line,
    });
  }

  /** What stands where a value could, and does not. */
  #empty({ line }: Token): YamlNode {
    return { kind: "scalar", text: "", plain: true, tag: undefined, line: line + 1 };
  }

  #anchored<T extends YamlNode>(anchor: string | undefined, node: T): T {
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    return node;
  }

  #blockSequence(properties: Properties): YamlNode {
    this.#scanner.skip();
    const node = this.#sequenceOf(properties);
    while (this.#take(TOKEN.blockEntry)) {
      node.items.push(
        this.#isNext(TOKEN.blockEntry, TOKEN.blockEnd) ? this.#empty(this.#scanner.peek()) : this.#node(true, false),
      );
    }
    if (!this.#take(TOKEN.blockEnd)) throw this.#fault("did not find expected '-' indicator");
    return node;
  }

  #indentlessSequence(properties: Properties): YamlNode {
    const node = this.#sequenceOf(properties);
    while (this.#take(TOKEN.blockEntry)) {
      node.items.push(
        this.#isNext(TOKEN.blockEntry, TOKEN.key, TOKEN.value, TOKEN.blockEnd)
          ? this.#empty(this.#scanner.peek())
          : this.#node(true, false),
      );
    }
    return node;
  }

  #blockMapping(properties: Properties): YamlNode {
    this.#scanner.skip();
    const node = this.#mappingOf(properties);
    const part = () =>
      this.#isNext(TOKEN.key, TOKEN.value, TOKEN.blockEnd) ? this.#empty(this.#scanner.peek()) : this.#node(true, true);
    while (this.#take(TOKEN.key)) {
      const key = part();
      node.pairs.push([key, this.#take(TOKEN.value) ? part() : this.#empty(this.#scanner.peek())]);
    }
    if (!this.#take(TOKEN.blockEnd)) throw this.#fault("did not find expected key");
    return node;
  }

  #flowSequence(properties: Properties): YamlNode {
    this.#scanner.skip();
    const node = this.#sequenceOf(properties);
    while (!this.#take(TOKEN.flowSequenceEnd)) {
      if (node.items.length > 0 && !this.#take(TOKEN.flowEntry)) {
        throw this.#fault("did not find expected ',' or ']'");
      }
      if (this.#take(TOKEN.flowSequenceEnd)) break;
      node.items.push(this.#isNext(TOKEN.key) ? this.#pair() : this.#node(false, false));
    }
    return node;
  }

  /** `key: value` in a flow sequence is a mapping of one pair. */
  #pair(): YamlNode {
    const { line } = this.#scanner.peek();
    this.#scanner.skip();
    let key: YamlNode;
    if (this.#isNext(TOKEN.value, TOKEN.flowEntry, TOKEN.flowSequenceEnd)) {
      key = this.#empty(this.#scanner.peek());
      // Go takes this token along with the key that is missing.
      this.#scanner.skip();
    } else key = this.#node(false, false);
    const hasValue = this.#take(TOKEN.value) && !this.#isNext(TOKEN.flowEntry, TOKEN.flowSequenceEnd);
    const value = hasValue ? this.#node(false, false) : this.#empty(this.#scanner.peek());
    return { kind: "mapping", pairs: [[key, value]], line: line + 1 };
  }

  #flowMapping(properties: Properties): YamlNode {
    this.#scanner.skip();
    const node = this.#mappingOf(properties);
    while (!this.#take(TOKEN.flowMappingEnd)) {
      if (node.pairs.length > 0 && !this.#take(TOKEN.flowEntry)) {
        throw this.#fault("did not find expected ',' or '}'");
      }
      if (this.#take(TOKEN.flowMappingEnd)) break;
      node.pairs.push(this.#flowPair());
    }
    return node;
  }

  #flowPair(): [YamlNode, YamlNode] {
    const empty = () => this.#empty(this.#scanner.peek());
    if (!this.#take(TOKEN.key)) return [this.#node(false, false), empty()];
    const key = this.#isNext(TOKEN.value, TOKEN.flowEntry, TOKEN.flowMappingEnd) ? empty() : this.#node(false, false);
    const hasValue = this.#take(TOKEN.value) && !this.#isNext(TOKEN.flowEntry, TOKEN.flowMappingEnd);
    return [key, hasValue ? this.#node(false, false) : empty()];
  }

  #sequenceOf({ anchor, line }: Properties): Extract<YamlNode, { kind: "sequence" }> {
    return this.#anchored(anchor, { kind: "sequence", items: [], line });
  }

  #mappingOf({ anchor, line }: Properties): Extract<YamlNode, { kind: "mapping" }> {
    return this.#anchored(anchor, { kind: "mapping", pairs: [], line });
  }

  /** Steps over the next token if it is of a kind. */
  #take(kind: TokenKind): boolean {
    if (this.#scanner.peek().kind !== kind) return false;
    this.#scanner.skip();
    return true;
  }

  #isNext(...kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.#scanner.peek().kind);
  }

  #fault(problem: string): YamlError {
    return faultAt(this.#scanner.peek().line, problem);
  }
}

function isDirective({ kind }: Token): boolean {
  return kind === TOKEN.versionDirective || kind === TOKEN.tagDirective;
}

/** Go's parser counts lines from 0, and does not name the first. */
function faultAt(line: number, problem: string): YamlError {
  return new YamlError("Syntax", `yaml: ${line === 0 ? "" : `line ${line}: `}${problem}`, line + 1);
}
