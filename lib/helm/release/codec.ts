import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";
import { isTable } from "../chart/mod.ts";
import type { ReleaseRecord, ReleaseStatus } from "../types.ts";
import { ReleaseRecordError } from "./errors.ts";

/** Most that the API server takes as data of a Secret, keys and values together. Bytes. */
export const MAX_SECRET_SIZE = 1024 * 1024;
/** Largest record that is unpacked: what a Secret can hold, highly compressible. Bytes. */
const MAX_RECORD_SIZE = 256 * 1024 * 1024;

const STATUSES: ReadonlySet<string> = new Set<ReleaseStatus>([
  "unknown",
  "deployed",
  "uninstalled",
  "superseded",
  "failed",
  "uninstalling",
  "pending-install",
  "pending-upgrade",
  "pending-rollback",
]);
const TIMES = ["first_deployed", "last_deployed", "deleted"] as const;

/**
 * Writes a record as Helm 4's storage keeps it, and Helm 3 reads it: base64 of gzip of JSON. The result is the value
 * of `data.release` before the API's own base64.
 *
 * @throws ReleaseRecordError `TooLarge` when it would not fit into a Secret.
 */
export function encodeRelease(record: ReleaseRecord): string {
  const { labels: _labels, info, ...rest } = record;
  // Helm 4 leaves out times that are not set; labels live on the Secret alone.
  const stored = { ...rest, info: withoutEmptyTimes(info) };
  const json = JSON.stringify(stored, (_key, value: unknown) => typeof value === "bigint" ? Number(value) : value);
  const data = gzipSync(json, { level: 9 }).toString("base64");
  if (data.length > MAX_SECRET_SIZE) {
    throw new ReleaseRecordError(
      "TooLarge",
      `Cannot store revision ${record.version} of release "${record.namespace}/${record.name}": its record has ` +
        `${data.length} bytes, a Secret takes ${MAX_SECRET_SIZE}: move large files out of the chart`,
    );
  }
  return data;
}

/**
 * Reads a record that Helm 3 or 4 stored; data that was stored before Helm compressed it is read too.
 *
 * @throws ReleaseRecordError `Unreadable`.
 */
export function decodeRelease(data: string): ReleaseRecord {
  let value: unknown;
  try {
    const bytes = Buffer.from(data, "base64");
    const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
    const json = isZipped ? gunzipSync(bytes, { maxOutputLength: MAX_RECORD_SIZE }) : bytes;
    value = JSON.parse(json.toString("utf8"));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw unreadable(message, error);
  }
  return recordOf(value);
}

function recordOf(value: unknown): ReleaseRecord {
  if (!isTable(value)) throw unreadable("it is not a map");
  const { name, version, info } = value;
  if (typeof name !== "string" || typeof version !== "number") throw unreadable("it has no name or no version");
  const fields = isTable(info) ? info : {};
  const applyMethod = value["apply_method"];
  return {
    name,
    namespace: textOf(value["namespace"]),
    version,
    info: {
      first_deployed: textOf(fields["first_deployed"]),
      last_deployed: textOf(fields["last_deployed"]),
      deleted: textOf(fields["deleted"]),
      description: textOf(fields["description"]),
      status: statusOf(fields["status"]),
      ...(typeof fields["notes"] === "string" ? { notes: fields["notes"] } : {}),
    },
    chart: isTable(value["chart"]) ? value["chart"] : {},
    config: isTable(value["config"]) ? value["config"] : {},
    manifest: textOf(value["manifest"]),
    hooks: Array.isArray(value["hooks"]) ? value["hooks"].filter(isTable) : [],
    ...(typeof applyMethod === "string" && applyMethod !== "" ? { apply_method: applyMethod } : {}),
  };
}

function withoutEmptyTimes(info: ReleaseRecord["info"]): Record<string, unknown> {
  const out: Record<string, unknown> = { ...info };
  for (const field of TIMES) if (out[field] === "") delete out[field];
  return out;
}

function statusOf(value: unknown): ReleaseStatus {
  return isStatus(value) ? value : "unknown";
}

function isStatus(value: unknown): value is ReleaseStatus {
  return typeof value === "string" && STATUSES.has(value);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function unreadable(what: string, cause?: unknown): ReleaseRecordError {
  return new ReleaseRecordError(
    "Unreadable",
    `Cannot read a release record: ${what}: the Secret was not written by Helm or is damaged`,
    { cause },
  );
}
