/** A queue on disk, for what has no room in memory. */
import { join } from "node:path";

/** Bytes after which a file is full: files are read and deleted whole. */
const SEGMENT = 256 * 1024;
/** Characters that are written at once. */
const CHUNK = 64 * 1024;

interface Segment {
  readonly path: string;
  bytes: number;
}

/**
 * Lines, first in, first out, in files of one directory.
 *
 * It is this process's own: what a killed one left is deleted, since the checkpoint holds those Events as pending.
 */
export class Spill {
  readonly #directory: string;
  readonly #limit: number;
  readonly #encoder = new TextEncoder();
  readonly #segments: Segment[] = [];
  #unwritten: string[] = [];
  #unwrittenSize = 0;
  /** The first segment, in lines. */
  #reading: string[] = [];
  #read = 0;
  #names = 0;
  #items = 0;
  #written = 0;

  /** @param limit Bytes at which it is full. */
  constructor(directory: string, limit: number) {
    this.#directory = directory;
    this.#limit = limit;
    removeIfThere(directory);
  }

  /** Lines that wait. */
  get items(): number {
    return this.#items;
  }

  /** Bytes that wait, those in memory counted as characters. */
  get bytes(): number {
    return this.#written + this.#unwrittenSize;
  }

  get full(): boolean {
    return this.bytes >= this.#limit;
  }

  /** Adds a line; it holds no line end. */
  push(line: string): void {
    this.#items++;
    this.#unwritten.push(line);
    this.#unwrittenSize += line.length + 1;
    if (this.#unwrittenSize >= CHUNK) this.#write();
  }

  /** Takes the first lines out, at most so many. */
  shift(count: number): string[] {
    if (this.#read === this.#reading.length) this.#readNext();
    const lines = this.#reading.slice(this.#read, this.#read + count);
    this.#read += lines.length;
    this.#items -= lines.length;
    return lines;
  }

  close(): void {
    this.#segments.length = 0;
    this.#unwritten = [];
    this.#reading = [];
    this.#read =
      this.#items =
      this.#written =
      this.#unwrittenSize =
        0;
    removeIfThere(this.#directory);
  }

  #write(): void {
    let last = this.#segments.at(-1);
    if (last === undefined || last.bytes >= SEGMENT) {
      Deno.mkdirSync(this.#directory, { recursive: true });
      last = { path: join(this.#directory, `${this.#names++}.lines`), bytes: 0 };
      this.#segments.push(last);
    }
    const bytes = this.#encoder.encode(this.#takeUnwritten());
    Deno.writeFileSync(last.path, bytes, { append: true });
    last.bytes += bytes.length;
    this.#written += bytes.length;
  }

  #readNext(): void {
    const first = this.#segments.shift();
    if (first !== undefined) this.#written -= first.bytes;
    const text = first === undefined ? this.#takeUnwritten() : Deno.readTextFileSync(first.path);
    if (first !== undefined) Deno.removeSync(first.path);
    this.#reading = text.split("\n").slice(0, -1);
    this.#read = 0;
  }

  #takeUnwritten(): string {
    const text = this.#unwritten.map((line) => line + "\n").join("");
    this.#unwritten = [];
    this.#unwrittenSize = 0;
    return text;
  }
}

function removeIfThere(directory: string): void {
  try {
    Deno.removeSync(directory, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
