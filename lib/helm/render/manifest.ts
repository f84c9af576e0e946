import { parseYaml, YamlError } from "../../yaml/mod.ts";
import { isTable } from "../chart/mod.ts";
import type { Hook, HookDeletePolicy, HookEvent, ManifestDocument } from "../types.ts";
import { RenderError } from "./errors.ts";
import { compareInstallOrder } from "./install_order.ts";
import { headComplaint } from "./manifest_head.ts";

const HOOK_EVENTS: ReadonlyMap<string, HookEvent> = new Map([
  ["pre-install", "pre-install"],
  ["post-install", "post-install"],
  ["pre-delete", "pre-delete"],
  ["post-delete", "post-delete"],
  ["pre-upgrade", "pre-upgrade"],
  ["post-upgrade", "post-upgrade"],
  ["pre-rollback", "pre-rollback"],
  ["post-rollback", "post-rollback"],
  ["test", "test"],
  // The name that Helm 2 used.
  ["test-success", "test"],
]);
const DELETE_POLICIES: readonly HookDeletePolicy[] = ["hook-succeeded", "hook-failed", "before-hook-creation"];

/** Rendered files, split and sorted. Both lists are in install order, file order within a kind. */
export interface SortedManifests {
  readonly documents: readonly ManifestDocument[];
  readonly hooks: readonly Hook[];
}

/**
 * Splits rendered files into documents, tells hooks from the rest and sorts both as Helm does. A hook of an unknown
 * event is dropped, partials and blank files are skipped.
 *
 * @param files Rendered text by template path.
 * @throws RenderError `InvalidManifest` when a document is not YAML or not an object.
 */
export function sortManifests(files: ReadonlyMap<string, string>): SortedManifests {
  const documents: ManifestDocument[] = [];
  const hooks: Hook[] = [];
  for (const source of [...files.keys()].sort(compareStrings)) {
    if (/(?:^|\/)_[^/]*$/.test(source)) continue;
    for (const text of splitManifest(files.get(source) ?? "")) {
      const document = { source, text, object: readObject(source, text) };
      const annotations = annotationsOf(document);
      const events = annotations["helm.sh/hook"];
      if (events === undefined) documents.push(document);
      else hooks.push(...asHook(document, annotations, events));
    }
  }
  const byKind = (a: ManifestDocument, b: ManifestDocument) => compareInstallOrder(kindOf(a), kindOf(b));
  return { documents: documents.sort(byKind), hooks: hooks.sort(byKind) };
}

/**
 * Splits a text at document separators as Helm does: at `---` at the start of a line whatever follows it, blank
 * documents dropped, leading white space trimmed.
 */
export function splitManifest(text: string): string[] {
  return trimStart(text).split(/(?:^|(?<=\n))---[ \t]*/).map(trimStart).filter((part) => part !== "");
}

/**
 * The documents of a text as objects; comments alone are left out.
 *
 * @throws RenderError `InvalidManifest`.
 */
export function splitDocuments(source: string, text: string): ManifestDocument[] {
  return splitManifest(text)
    .map((part) => ({ source, text: part, object: readObject(source, part) }))
    .filter(({ object }) => Object.keys(object).length > 0);
}

/** Helm's manifest text: each document below the path that it came from. */
export function manifestText(documents: readonly Pick<ManifestDocument, "source" | "text">[]): string {
  return documents.map(({ source, text }) => `---\n# Source: ${source}\n${text}\n`).join("");
}

/** The order in which hooks of one event run: by weight, then by name. */
export function compareHooks(a: Hook, b: Hook): number {
  return a.weight - b.weight || compareStrings(a.name, b.name);
}

/** The kind of a document; empty where it has none. */
export function kindOf(document: ManifestDocument): string {
  return typeof document.object["kind"] === "string" ? document.object["kind"] : "";
}

function readObject(source: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const message = `YAML parse error on ${source}: error converting YAML to JSON: ${error.message}`;
    throw new RenderError("InvalidManifest", message, { cause: error });
  }
  const complaint = headComplaint(value);
  if (complaint !== undefined) throw new RenderError("InvalidManifest", `YAML parse error on ${source}: ${complaint}`);
  // Comments alone are a document without an object; Helm keeps its text.
  return isTable(value) ? value : {};
}

function annotationsOf(document: ManifestDocument): Readonly<Record<string, string>> {
  const { metadata } = document.object;
  const annotations = isTable(metadata) && isTable(metadata["annotations"]) ? metadata["annotations"] : {};
  return Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [key, value === null ? "" : String(value)]),
  );
}

/** The hook of a document, or nothing where one of its events is unknown. */
function asHook(document: ManifestDocument, annotations: Readonly<Record<string, string>>, eventList: string): Hook[] {
  const events = words(eventList).map((word) => HOOK_EVENTS.get(word));
  const known = events.filter((event) => event !== undefined);
  if (known.length !== events.length) return [];
  const weight = annotations["helm.sh/hook-weight"] ?? "";
  const { metadata } = document.object;
  const policies = words(annotations["helm.sh/hook-delete-policy"] ?? "");
  return [{
    ...document,
    name: isTable(metadata) && typeof metadata["name"] === "string" ? metadata["name"] : "",
    kind: kindOf(document),
    events: known,
    weight: /^[-+]?\d+$/.test(weight) ? Number(weight) : 0,
    deletePolicies: DELETE_POLICIES.filter((policy) => policies.includes(policy)),
  }];
}

function words(list: string): string[] {
  return list.split(",").map((word) => word.trim().toLowerCase());
}

/** Go's white space: what `unicode.IsSpace` takes, which is not JavaScript's byte order mark. */
function trimStart(text: string): string {
  return text.replace(/^(?:(?!\uFEFF)\s|\x85)+/, "");
}

function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
