import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { digestOf } from "./digest.ts";

/** What a server said about a URL, for the next request. */
export interface Validator {
  readonly etag?: string;
  readonly lastModified?: string;
  /** Digest of the bytes that the URL had. */
  readonly digest: string;
}

/** Keeps archives and indexes by their digest, and what is known about URLs. */
export interface ChartCache {
  /** The bytes of a digest; undefined where they are not kept or were damaged. */
  get(digest: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  put(digest: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  validator(url: string): Validator | undefined;
  setValidator(url: string, validator: Validator): void;
}

/** Bytes kept in memory; the least recently used go first. */
const MEMORY = 128 * 1024 * 1024;
const MOST_URLS = 1000;

/**
 * A cache in memory, and in a directory where one is given. Files are named by digest and verified when read: a file
 * that somebody changed is not used.
 */
export function createChartCache(directory?: string): ChartCache {
  const memory = new Map<string, Uint8Array<ArrayBuffer>>();
  const validators = new Map<string, Validator>();
  let size = 0;

  function remember(digest: string, bytes: Uint8Array<ArrayBuffer>): void {
    if (memory.has(digest)) return;
    memory.set(digest, bytes);
    size += bytes.length;
    for (const [oldest, dropped] of memory) {
      if (size <= MEMORY || oldest === digest) break;
      memory.delete(oldest);
      size -= dropped.length;
    }
  }

  return {
    async get(digest) {
      const bytes = memory.get(digest) ?? (directory === undefined ? undefined : await readVerified(directory, digest));
      if (bytes === undefined) return undefined;
      if (memory.delete(digest)) size -= bytes.length;
      remember(digest, bytes);
      return bytes;
    },
    async put(digest, bytes) {
      remember(digest, bytes);
      if (directory !== undefined) await writeAtomically(directory, digest, bytes);
    },
    validator: (url) => validators.get(url),
    setValidator(url, validator) {
      validators.delete(url);
      validators.set(url, validator);
      const [oldest] = validators.keys();
      if (validators.size > MOST_URLS && oldest !== undefined) validators.delete(oldest);
    },
  };
}

function fileOf(directory: string, digest: string): string {
  return `${directory}/${digest.replace(/[^a-z0-9]/gi, "-")}`;
}

async function readVerified(directory: string, digest: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const bytes = new Uint8Array(await readFile(fileOf(directory, digest)));
    return digestOf(bytes) === digest ? bytes : undefined;
  } catch (error) {
    // Not there: the usual case. Anything else means a cache that cannot be used, which is no reason to fail.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** Other processes may read at the same time: they see the whole file or none. */
async function writeAtomically(directory: string, digest: string, bytes: Uint8Array): Promise<void> {
  await mkdir(directory, { recursive: true });
  const file = fileOf(directory, digest);
  const draft = `${file}.${crypto.randomUUID()}`;
  await writeFile(draft, bytes);
  await rename(draft, file);
}
