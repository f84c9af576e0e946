/**
 * The text of a release record in storage: base64 of gzip of JSON, as Helm 3 and 4 write and read it.
 *
 * In a Secret the text is base64-encoded once more, by the API like any other value.
 */
import type { ReleaseRecord } from "../types.ts";

/** Why a record cannot be read or written. */
export type ReleaseCodecReason = "NotBase64" | "NotGzip" | "NotJson" | "NotARelease" | "TooLarge";

/** A release record cannot be read or written. */
export class ReleaseCodecError extends Error {
  override readonly name = "ReleaseCodecError";
  constructor(readonly reason: ReleaseCodecReason, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Characters of encoded text that fit in a Secret: the API server takes 1 MiB of decoded data. */
export const MAX_RECORD_SIZE = 1_048_576;

/** Bytes that a decoded record may have; a gzip bomb ends there. */
const MAX_DECODED_SIZE = 256 * 1024 * 1024;

/**
 * Encodes a record.
 *
 * @throws {ReleaseCodecError} `TooLarge` where it would not fit in a Secret.
 */
export async function encodeRelease(record: ReleaseRecord): Promise<string> {
  const { labels: _inTheSecret, ...stored } = record;
  const json = new TextEncoder().encode(JSON.stringify(stored));
  const zipped = new Blob([json]).stream().pipeThrough(new CompressionStream("gzip"));
  const text = new Uint8Array(await new Response(zipped).arrayBuffer()).toBase64();
  if (text.length <= MAX_RECORD_SIZE) return text;
  throw new ReleaseCodecError(
    "TooLarge",
    `Cannot store release "${record.name}": its record has ${text.length} bytes and a Secret takes ${MAX_RECORD_SIZE}: ` +
      `make the chart smaller, e.g. by leaving large files out with .helmignore`,
  );
}

/**
 * Decodes a record. Records that were stored without gzip, as old Helm versions did, are read too.
 *
 * @throws {ReleaseCodecError} Where the text is no record.
 */
export async function decodeRelease(text: string): Promise<ReleaseRecord> {
  const bytes = fromBase64(text);
  const json = bytes[0] === 0x1f && bytes[1] === 0x8b ? await gunzip(bytes) : bytes;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(json));
  } catch (error) {
    throw new ReleaseCodecError("NotJson", `Cannot decode release: ${(error as Error).message}`, { cause: error });
  }
  return checked(value);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.fromBase64(text);
  } catch (error) {
    throw new ReleaseCodecError("NotBase64", "Cannot decode release: it is not base64", { cause: error });
  }
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for await (const part of new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))) {
      size += part.length;
      if (size > MAX_DECODED_SIZE) break;
      parts.push(part);
    }
  } catch (error) {
    throw new ReleaseCodecError("NotGzip", "Cannot decode release: its gzip data is broken", { cause: error });
  }
  if (size > MAX_DECODED_SIZE) {
    throw new ReleaseCodecError("TooLarge", `Cannot decode release: it is larger than ${MAX_DECODED_SIZE} bytes`);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** What every reader relies on; the rest may be absent in records of old Helm versions. */
function checked(value: unknown): ReleaseRecord {
  const record = value as Partial<ReleaseRecord> | null;
  const usable = typeof record === "object" && record !== null && typeof record.name === "string" &&
    typeof record.version === "number" && typeof record.info === "object" && record.info !== null;
  if (!usable) throw new ReleaseCodecError("NotARelease", "Cannot decode release: it has no name, version or info");
  return {
    ...record,
    namespace: record.namespace ?? "",
    chart: record.chart ?? {},
    config: record.config ?? {},
    manifest: record.manifest ?? "",
    hooks: record.hooks ?? [],
  } as ReleaseRecord;
}
