import { isTable } from "../chart/mod.ts";

/** Go's type of `metadata` in what Helm reads of each document, as its messages show it. */
const METADATA_TYPE =
  'struct { Name string "json:\\"name\\""; Annotations map[string]string "json:\\"annotations\\"" }';

/**
 * What Helm has against the head of a document: it reads `apiVersion`, `kind`, name and annotations as text and stops at
 * lists and maps there. Undefined where there is nothing.
 */
export function headComplaint(value: unknown): string | undefined {
  if (value === null) return undefined;
  if (!isTable(value)) return complaint(value, "Go value of type util.SimpleHead");
  for (const field of ["apiVersion", "kind"]) {
    if (isContainer(value[field])) return complaint(value[field], `Go struct field SimpleHead.${field} of type string`);
  }
  const { metadata } = value;
  if (metadata === null || metadata === undefined) return undefined;
  return isTable(metadata)
    ? metadataComplaint(metadata)
    : complaint(metadata, `Go struct field SimpleHead.metadata of type ${METADATA_TYPE}`);
}

function metadataComplaint({ name, annotations }: Record<string, unknown>): string | undefined {
  if (isContainer(name)) return complaint(name, "Go struct field .metadata.name of type string");
  if (annotations === null || annotations === undefined) return undefined;
  if (!isTable(annotations)) {
    return complaint(annotations, "Go struct field .metadata.annotations of type map[string]string");
  }
  const wrong = Object.values(annotations).find(isContainer);
  return wrong === undefined ? undefined : complaint(wrong, "Go struct field .metadata.annotations of type string");
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function complaint(value: unknown, where: string): string {
  const kind = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into ${where}`;
}
