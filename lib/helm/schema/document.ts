import { parseUrl, UrlError } from "../../gotemplate/functions/mod.ts";
import { quote } from "../../gotemplate/mod.ts";
import { type Draft, draftOf, placesBelow } from "./draft.ts";
import { SchemaError } from "./errors.ts";
import { isObject, own } from "./json.ts";

/** A part of a document: a schema, or what holds schemas. Of each place there is one node only: nodes are told apart by identity. */
export class SchemaNode {
  readonly #children = new Map<string, SchemaNode>();
  #targets: Map<string, SchemaNode> | undefined;
  /** Whether a schema is looked for here. */
  isSchema = false;
  /** Set where the part has an address of its own. */
  resource: Resource | undefined;

  constructor(
    readonly document: SchemaDocument,
    readonly parent: SchemaNode | undefined,
    readonly pointer: string,
    readonly value: unknown,
  ) {}

  /** What stands below a key or index; undefined where nothing does. */
  child(key: string): SchemaNode | undefined {
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const value = isObject(this.value) ? own(this.value, key) : itemOf(this.value, key);
    if (value === undefined) return undefined;
    const pointer = `${this.pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const made = new SchemaNode(this.document, this, pointer, value);
    this.#children.set(key, made);
    return made;
  }

  /** What a reference here leads to, found once. */
  target(reference: string, find: () => SchemaNode): SchemaNode {
    this.#targets ??= new Map();
    const known = this.#targets.get(reference);
    if (known !== undefined) return known;
    const found = find();
    this.#targets.set(reference, found);
    return found;
  }

  /** Where messages say it is. */
  get location(): string {
    return `${this.document.url}#${escaped(this.pointer)}`;
  }

  /** The resource that it is part of. */
  get home(): Resource {
    return this.resource ?? this.parent?.home ?? this.document.rootResource;
  }
}

function itemOf(value: unknown, key: string): unknown {
  return Array.isArray(value) && /^(?:0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined;
}

/** Percent-encodes a pointer for a URL, as Go does. */
function escaped(pointer: string): string {
  return pointer.split("/").map((key) =>
    encodeURIComponent(key).replace(/%(?:24|26|2B|3A|3D|40)/g, decodeURIComponent).replace(
      /[!'()*]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
    )
  ).join("/");
}

/** A schema with an address: the root, and each that has an `$id`. */
export interface Resource {
  readonly url: string;
  readonly root: SchemaNode;
  readonly anchors: Map<string, SchemaNode>;
  readonly dynamicAnchors: Set<string>;
}

/** One schema text: its parts, their addresses and anchors. */
export class SchemaDocument {
  readonly draft: Draft;
  readonly root: SchemaNode;
  readonly rootResource: Resource;
  readonly #resources = new Map<string, Resource>();

  /**
   * @param url Where the text is said to be from.
   * @param assertsFormat Whether `format` is a rule here, other than the draft has it.
   * @throws SchemaError `reference`: two parts of one address or anchor, or an address that is none.
   */
  constructor(readonly url: string, value: unknown, readonly assertsFormat: boolean | undefined = undefined) {
    this.draft = draftOf(value);
    this.root = new SchemaNode(this, undefined, "", value);
    const id = this.#idOf(value);
    this.rootResource = this.#newResource(id === "" ? url : joined(url, id, this.root), this.root);
    this.collect(this.root);
  }

  /** The resource of an address. */
  resource(url: string): Resource | undefined {
    return url === this.url ? this.rootResource : this.#resources.get(url);
  }

  /** Takes in the schemas from a node on. */
  collect(node: SchemaNode): void {
    if (node.isSchema) return;
    node.isSchema = true;
    if (!isObject(node.value)) return;
    const id = this.#idOf(node.value);
    if (id !== "" && node !== this.root) {
      const url = joined(node.home.url, id, node);
      node.resource = this.#newResource(url, node);
    }
    this.#collectAnchors(node);
    for (const keys of placesBelow(node.value, this.draft)) {
      let below: SchemaNode | undefined = node;
      for (const key of keys) below = below?.child(key);
      if (below !== undefined) this.collect(below);
    }
  }

  #newResource(url: string, root: SchemaNode): Resource {
    const other = this.#resources.get(url);
    if (other !== undefined) {
      const places = `${quote(root.pointer)} and ${quote(other.root.pointer)}`;
      throw new SchemaError("reference", `duplicate id ${quote(url)} in ${quote(this.url)} at ${places}`);
    }
    const made: Resource = { url, root, anchors: new Map(), dynamicAnchors: new Set() };
    this.#resources.set(url, made);
    return made;
  }

  /** Up to draft 7 all that stands beside a `$ref` is nothing. */
  #isOnlyReference(value: Readonly<Record<string, unknown>>): boolean {
    return this.draft.version < 2019 && Object.hasOwn(value, "$ref");
  }

  #idOf(value: unknown): string {
    if (!isObject(value) || this.#isOnlyReference(value)) return "";
    const id = own(value, this.draft.idKey);
    return typeof id === "string" ? id.replace(/#.*$/s, "") : "";
  }

  #collectAnchors(node: SchemaNode): void {
    const { value } = node;
    if (!isObject(value) || this.#isOnlyReference(value)) return;
    const { version, idKey } = this.draft;
    if (version < 2019) {
      const id = own(value, idKey);
      const hash = typeof id === "string" ? id.indexOf("#") : -1;
      if (typeof id !== "string" || hash < 0) return;
      const anchor = id.slice(hash + 1);
      if (anchor !== "" && !anchor.startsWith("/")) this.#addAnchor(node, anchor);
      return;
    }
    const anchor = own(value, "$anchor");
    if (typeof anchor === "string") this.#addAnchor(node, anchor);
    const dynamic = own(value, "$dynamicAnchor");
    if (version < 2020 || typeof dynamic !== "string") return;
    this.#addAnchor(node, dynamic);
    node.home.dynamicAnchors.add(dynamic);
  }

  #addAnchor(node: SchemaNode, anchor: string): void {
    const { anchors } = node.home;
    const other = anchors.get(anchor);
    if (other !== undefined && other !== node) {
      const places = `${quote(other.pointer)} and ${quote(node.pointer)}`;
      throw new SchemaError("reference", `duplicate anchor ${quote(anchor)} in ${quote(this.url)} at ${places}`);
    }
    anchors.set(anchor, node);
  }
}

function joined(base: string, id: string, node: SchemaNode): string {
  try {
    return joinUrl(base, id);
  } catch (error) {
    if (!(error instanceof UrlError)) throw error;
    throw new SchemaError("reference", `error in parsing id at ${quote(node.location)}`, { cause: error });
  }
}

/**
 * What a reference means at an address.
 *
 * @throws {UrlError} Go does not take it for a URL.
 */
export function joinUrl(base: string, reference: string): string {
  parseUrl(reference);
  const url = URL.parse(reference, base);
  if (url === null) throw new UrlError(`parse ${quote(reference)}: not a URL`);
  return url.href;
}
