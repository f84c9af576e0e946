/** A schema document: its draft, and where its references lead. */
import { SchemaError } from "./errors.ts";
import { isObject, type JsonObject, own } from "./json.ts";

/** The JSON Schema drafts that Helm knows. */
export type Draft = "04" | "06" | "07" | "2019-09" | "2020-12";

/** A values.schema.json, read. */
export interface SchemaDocument {
  readonly root: unknown;
  readonly draft: Draft;
  /** Below which subchart the document applies; empty for the chart's own. */
  readonly chart: readonly string[];
  /** Absolute URI (with anchor) → JSON pointer. */
  readonly targets: ReadonlyMap<string, string>;
}

/** A schema with its place, so that references resolve and notes can name it. */
export interface Located {
  readonly document: SchemaDocument;
  /** An object or a boolean. */
  readonly schema: unknown;
  /** JSON pointer, `#` in front. */
  readonly pointer: string;
  /** References that led here; one of them again is a recursion. */
  readonly trail: readonly string[];
}

const DRAFTS: readonly (readonly [string, Draft])[] = [
  ["json-schema.org/draft-04/schema", "04"],
  ["json-schema.org/draft-06/schema", "06"],
  ["json-schema.org/draft-07/schema", "07"],
  ["json-schema.org/draft/2019-09/schema", "2019-09"],
  ["json-schema.org/draft/2020-12/schema", "2020-12"],
  ["json-schema.org/schema", "2020-12"],
];
/** Base of documents without an `$id`. */
const NAMELESS = "schema:///values.schema.json";

/** Whether `$ref` makes its siblings void (up to draft 07), as Helm's validator has it. */
export const refHidesSiblings = (draft: Draft): boolean => draft === "04" || draft === "06" || draft === "07";

/** Whether Helm's validator asserts `format` (up to draft 07; later drafts only annotate). */
export const assertsFormat = refHidesSiblings;

/**
 * Reads a schema document.
 *
 * @throws {SchemaError} `NotJson`, `NotASchema`, `UnknownDraft`.
 */
export function readDocument(text: string, chart: readonly string[] = []): SchemaDocument {
  let root: unknown;
  try {
    root = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SchemaError("NotJson", "#", `Cannot read values.schema.json${of(chart)}: ${reason}`, { cause });
  }
  return documentOf(root, chart);
}

/** The document of a schema that is already parsed. */
export function documentOf(root: unknown, chart: readonly string[] = []): SchemaDocument {
  if (!isObject(root) && typeof root !== "boolean") {
    throw new SchemaError(
      "NotASchema",
      "#",
      `Cannot use values.schema.json${of(chart)}: a schema is an object or a boolean`,
    );
  }
  const targets = new Map<string, string>([[NAMELESS, "#"]]);
  indexTargets(root, "#", NAMELESS, targets);
  return { root, draft: draftOf(root, chart), chart, targets };
}

/** ` of subchart "x"` for messages; nothing for the chart itself. */
export const of = (chart: readonly string[]): string =>
  chart.length === 0 ? "" : ` of subchart ${JSON.stringify(chart.join("."))}`;

function draftOf(root: unknown, chart: readonly string[]): Draft {
  const named = isObject(root) ? own(root, "$schema") : undefined;
  if (typeof named !== "string") return "2020-12";
  const bare = named.replace(/^https?:\/\//, "").replace(/#$/, "");
  const draft = DRAFTS.find(([uri]) => uri === bare)?.[1];
  if (draft !== undefined) return draft;
  throw new SchemaError(
    "UnknownDraft",
    "#/$schema",
    `Cannot use values.schema.json${of(chart)}: $schema ${JSON.stringify(named)} is no draft that Helm knows ` +
      `(04, 06, 07, 2019-09, 2020-12)`,
  );
}

const resolveUri = (reference: string, base: string): string | undefined => URL.parse(reference, base)?.href;
const bareUri = (uri: string): string => uri.replace(/#.*$/s, "");

function indexTargets(node: unknown, pointer: string, base: string, targets: Map<string, string>): void {
  if (Array.isArray(node)) {
    node.forEach((item, index) => indexTargets(item, `${pointer}/${index}`, base, targets));
    return;
  }
  if (!isObject(node)) return;
  const here = baseOf(node, base);
  if (here !== base) targets.set(here, pointer);
  for (const anchor of anchorsOf(node)) targets.set(`${here}#${anchor}`, pointer);
  for (const [key, child] of Object.entries(node)) {
    if (key !== "enum" && key !== "const" && key !== "default" && key !== "examples") {
      indexTargets(child, `${pointer}/${escapeToken(key)}`, here, targets);
    }
  }
}

const idOf = (node: JsonObject): string | undefined => {
  const id = own(node, "$id") ?? own(node, "id");
  return typeof id === "string" ? id : undefined;
};

const baseOf = (node: JsonObject, base: string): string => {
  const id = idOf(node);
  const uri = id === undefined || id.startsWith("#") ? undefined : resolveUri(id, base);
  return uri === undefined ? base : bareUri(uri);
};

const anchorsOf = (node: JsonObject): string[] =>
  [own(node, "$anchor"), own(node, "$dynamicAnchor"), idOf(node)?.replace(/^[^#]*#?/s, "")]
    .filter((anchor): anchor is string => typeof anchor === "string" && anchor !== "");

/** `~` and `/` as JSON pointers write them. */
export const escapeToken = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

const unescapeToken = (token: string): string => {
  try {
    return decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return token.replaceAll("~1", "/").replaceAll("~0", "~");
  }
};

/** A schema below another one. */
export function below(parent: Located, schema: unknown, ...keys: (string | number)[]): Located {
  return { ...parent, schema, pointer: [parent.pointer, ...keys.map((key) => escapeToken(String(key)))].join("/") };
}

/** Where a `$ref` leads: a schema of this document, another document (`remote`), or nowhere. */
export function follow(from: Located, reference: string): Located | "remote" | undefined {
  const { document } = from;
  const uri = resolveUri(reference, baseAt(document, from.pointer));
  if (uri === undefined) return undefined;
  const [bare = "", fragment = ""] = [bareUri(uri), uri.includes("#") ? uri.slice(uri.indexOf("#") + 1) : ""];
  const start = document.targets.get(bare);
  if (start === undefined) return "remote";
  const pointer = fragment === "" || fragment.startsWith("/")
    ? start + fragment.split("/").map((token) => escapeToken(unescapeToken(token))).join("/")
    : document.targets.get(`${bare}#${unescapeToken(fragment)}`);
  if (pointer === undefined) return undefined;
  const schema = atPointer(document.root, pointer);
  return schema === undefined ? undefined : { document, schema, pointer, trail: [...from.trail, pointer] };
}

function tokensOf(pointer: string): string[] {
  return pointer.split("/").slice(1).map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

const step = (node: unknown, token: string): unknown =>
  Array.isArray(node) ? node[Number(token)] : isObject(node) ? own(node, token) : undefined;

function atPointer(root: unknown, pointer: string): unknown {
  return tokensOf(pointer).reduce(step, root);
}

/** The base URI at a place: the nearest `$id` around it. */
function baseAt(document: SchemaDocument, pointer: string): string {
  let base = NAMELESS, node: unknown = document.root;
  if (isObject(node)) base = baseOf(node, base);
  for (const token of tokensOf(pointer)) {
    node = step(node, token);
    if (isObject(node)) base = baseOf(node, base);
  }
  return base;
}
