import { parseYaml, YamlError } from "../../yaml/mod.ts";
import { isTable } from "../chart/mod.ts";

/** What lint reads of an object. */
export interface LintedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** A document of a file: its object, nothing where it is empty, or why it cannot be read. */
export type LintedDocument = LintedObject | undefined | { readonly complaint: string };

/**
 * The documents of a file as Kubernetes' own tools read them, up to the first one that they cannot. Only a comment may follow
 * a separator on its line.
 */
export function* lintedDocuments(text: string): Generator<LintedDocument> {
  for (const part of documentTexts(text)) {
    const document = typeof part === "string" ? readObject(part) : part;
    yield document;
    if (document !== undefined && "complaint" in document) return;
  }
}

function* documentTexts(text: string): Generator<string | { readonly complaint: string }> {
  let pending = "";
  for (const line of text.split(/(?<=\n)/)) {
    if (line.startsWith("---")) {
      const rest = line.slice(3).trim();
      if (rest !== "" && !rest.startsWith("#")) return yield { complaint: `invalid Yaml document separator: ${rest}` };
      if (pending !== "") yield pending;
      pending = "";
    } else {
      pending += line;
    }
  }
  if (pending !== "") yield pending;
}

function readObject(text: string): LintedDocument {
  try {
    return objectOf(parseYaml(text));
  } catch (error) {
    if (error instanceof YamlError) return { complaint: `error converting YAML to JSON: ${error.message}` };
    throw error;
  }
}

function objectOf(value: unknown): LintedDocument {
  if (value === null) return undefined;
  if (!isTable(value)) return wrongType(value, "Go value of type rules.k8sYamlStruct");
  const { metadata } = value;
  for (const [field, name] of [["apiVersion", "apiVersion"], ["kind", "Kind"]] as const) {
    if (isContainer(value[field])) {
      return wrongType(value[field], `Go struct field k8sYamlStruct.${name} of type string`);
    }
  }
  if (metadata !== undefined && metadata !== null && !isTable(metadata)) {
    return wrongType(metadata, "Go struct field k8sYamlStruct.Metadata of type rules.k8sYamlMetadata");
  }
  for (const [field, name] of [["name", "Name"], ["namespace", "Namespace"]] as const) {
    if (isContainer(metadata?.[field])) {
      return wrongType(metadata?.[field], `Go struct field k8sYamlMetadata.Metadata.${name} of type string`);
    }
  }
  return { apiVersion: textOf(value["apiVersion"]), kind: textOf(value["kind"]), name: textOf(metadata?.["name"]) };
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

function wrongType(value: unknown, where: string): { readonly complaint: string } {
  const kind = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return { complaint: `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into ${where}` };
}
