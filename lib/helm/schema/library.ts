import { METASCHEMAS } from "../../deps/ajv.ts";
import { UrlError } from "../../gotemplate/functions/mod.ts";
import { quote } from "../../gotemplate/mod.ts";
import { joinUrl, SchemaDocument, type SchemaNode } from "./document.ts";
import { SchemaError } from "./errors.ts";

/** Where Helm says that the schema it judges by is from. */
export const SCHEMA_URL = "file:///values.schema.json";

/** All documents that one schema can refer to: itself, the metaschemas, and `urn:`s, which allow everything. Nothing is fetched. */
export class SchemaLibrary {
  readonly #documents = new Map<string, SchemaDocument>();
  readonly main: SchemaDocument;

  /** @throws SchemaError `reference`: addresses within the schema are none, or not unique. */
  constructor(schema: unknown) {
    this.main = new SchemaDocument(SCHEMA_URL, schema);
    this.#documents.set(SCHEMA_URL, this.main);
  }

  /** The metaschema of the schema. */
  get metaschema(): SchemaNode {
    return this.document(this.main.draft.url).root;
  }

  /** The documents that were asked for, but for the schema itself, by address. */
  get others(): readonly (readonly [string, SchemaDocument])[] {
    return [...this.#documents].filter(([, document]) => document !== this.main);
  }

  /**
   * The document of an address.
   *
   * @throws SchemaError `unsupported`: it would have to be fetched, or read from the machine.
   */
  document(url: string): SchemaDocument {
    const known = this.#documents.get(url);
    if (known !== undefined) return known;
    const made = open(url);
    this.#documents.set(url, made);
    return made;
  }

  /**
   * What a reference within a schema leads to.
   *
   * @throws SchemaError `reference`: nothing is there. `unsupported`: it leads out of the schema.
   */
  resolve(from: SchemaNode, reference: string): SchemaNode {
    return from.target(reference, () => this.#find(from, reference));
  }

  #find(from: SchemaNode, reference: string): SchemaNode {
    const [address = "", ...rest] = reference.split("#");
    const fragment = decoded(rest.join("#"), reference);
    const base = from.home.url;
    const url = address === "" ? base : joined(base, address);
    const resource = from.document.resource(url) ?? this.document(url).rootResource;
    if (fragment !== "" && !fragment.startsWith("/")) {
      const anchored = resource.anchors.get(fragment);
      if (anchored !== undefined) return anchored;
      const { url: home } = resource.root.document;
      throw new SchemaError(
        "reference",
        `anchor in ${quote(`${resource.url}#${fragment}`)} not found in schema ${quote(home)}`,
      );
    }
    let node: SchemaNode | undefined = resource.root;
    for (const key of fragment.split("/").slice(1)) {
      node = node?.child(key.replaceAll("~1", "/").replaceAll("~0", "~"));
    }
    if (node !== undefined) return node;
    const { root } = resource;
    throw new SchemaError("reference", `json-pointer in ${quote(root.location + encodeURI(fragment))} not found`);
  }
}

function joined(base: string, address: string): string {
  try {
    return joinUrl(base, address);
  } catch (error) {
    if (!(error instanceof UrlError)) throw error;
    throw new SchemaError("reference", `error in parsing ${quote(address)}: ${error.message}`, { cause: error });
  }
}

function decoded(fragment: string, reference: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch (error) {
    const escape = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(fragment)?.[0] ?? fragment;
    throw new SchemaError("reference", `error in parsing ${quote(reference)}: invalid URL escape ${quote(escape)}`, {
      cause: error,
    });
  }
}

/** Metaschemas by address: they refer to one another alone, and are the same to all schemas. */
const metaschemas = new Map<string, SchemaDocument>();

function open(url: string): SchemaDocument {
  const before = metaschemas.get(url);
  if (before !== undefined) return before;
  const address = url.replace(/^https?:\/\/json-schema\.org\/schema$/, "https://json-schema.org/draft/2020-12/schema")
    .replace(/^https?:(?=\/\/json-schema\.org\/draft-)/, "http:");
  const metaschema = Object.hasOwn(METASCHEMAS, address) ? METASCHEMAS[address] : undefined;
  if (metaschema !== undefined) {
    // Metaschemas hold schemas to the formats as well, in all drafts.
    const made = new SchemaDocument(url, completed(address, metaschema), true);
    metaschemas.set(url, made);
    return made;
  }
  if (url.startsWith("urn:")) return new SchemaDocument(url, true);
  throw new SchemaError("unsupported", `failing loading ${quote(url)}: ${whyNot(url)}`);
}

/** The draft-04 metaschema of Helm's validator has two rules more than the one that is here. */
function completed(url: string, metaschema: Readonly<Record<string, unknown>>): unknown {
  if (!url.endsWith("draft-04/schema")) return metaschema;
  const { properties } = metaschema;
  return { ...metaschema, properties: { ...Object(properties), $ref: { type: "string" }, format: { type: "string" } } };
}

function whyNot(url: string): string {
  const { protocol, pathname } = new URL(url);
  // A renderer sees no files: to a schema the machine is empty.
  if (protocol === "file:") return `open ${decodeURIComponent(pathname)}: no such file or directory`;
  if (protocol === "http:" || protocol === "https:") return "schemas are not fetched: put it into values.schema.json";
  return `no URLLoader registered for ${quote(url)}`;
}
