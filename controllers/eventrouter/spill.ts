/** A queue on disk, for what has no room in memory. */
import { join } from "node:path";

/** Bytes after which a file is full: files are deleted whole. */
const SEGMENT = 1024 * 1024;
/** Bytes that are written at once. */
const CHUNK = 64 * 1024;

interface Segment {
  readonly path: string;
  /** Items that were not read. */
  items: number;
  bytes: number;
}

/**
 * Items of JSON, first in, first out, in files of one directory.
 *
 * It is this process's own: what a killed one left is deleted, since the checkpoint holds those Events as pending.
 */
export class Spill<T> {
  readonly #directory: string;
  readonly #limit: number;
  readonly #encoder = new TextEncoder();
  #segments: Segment[] = [];
  #unwritten: string[] = [];
  #unwrittenBytes = 0;
  /** The first segment, parsed. */
  #reading: T[] = [];
  #names = 0;

  constructor(directory: string, limit: number) {
    this.#directory = directory;
    this.#limit = limit;
    removeIfThere(directory);
  }

  /** Items that wait. */
  get items(): number {
    return this.#reading.length + this.#segments.reduce((sum, { items }) => sum + items, 0) + this.#unwritten.length;
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0) + this.#unwrittenBytes;
  }

  get full(): boolean {
    return this.bytes >= this.#limit;
  }

  push(item: T): void {
    const line = JSON.stringify(item) + "\n";
    this.#unwritten.push(line);
    this.#unwrittenBytes += line.length;
    if (this.#unwrittenBytes >= CHUNK) this.#write();
  }

  /** Takes the first items out, at most so many. */
  shift(count: number): T[] {
    if (this.#reading.length === 0) this.#readNext();
    return this.#reading.splice(0, count);
  }

  close(): void {
    this.#segments = [];
    this.#unwritten = [];
    this.#unwrittenBytes = 0;
    this.#reading = [];
    removeIfThere(this.#directory);
  }

  #write(): void {
    let last = this.#segments.at(-1);
    if (last === undefined || last.bytes >= SEGMENT) {
      Deno.mkdirSync(this.#directory, { recursive: true });
      last = { path: join(this.#directory, `${this.#names++}.jsonl`), items: 0, bytes: 0 };
      this.#segments.push(last);
    }
    const bytes = this.#encoder.encode(this.#unwritten.join(""));
    Deno.writeFileSync(last.path, bytes, { append: true });
    last.items += this.#unwritten.length;
    last.bytes += bytes.length;
    this.#unwritten = [];
    this.#unwrittenBytes = 0;
  }

  #readNext(): void {
    const first = this.#segments.shift();
    const text = first === undefined ? this.#unwritten.join("") : Deno.readTextFileSync(first.path);
    if (first !== undefined) Deno.removeSync(first.path);
    else this.#unwritten = [], this.#unwrittenBytes = 0;
    // The seam where bytes become types: only `push` writes these files.
    this.#reading = text.split("\n").slice(0, -1).map((line) => JSON.parse(line) as T);
  }
}

function removeIfThere(directory: string): void {
  try {
    Deno.removeSync(directory, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
