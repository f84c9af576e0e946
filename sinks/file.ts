/** Events in a file, a line each, with rotation by size and age. */
import { basename, dirname, join } from "node:path";
import { deliver, oneAtATime, throwIfAborted } from "./_batch.ts";
import { linesOf } from "./_body.ts";
import { flag, integer, object, string } from "./_schema.ts";
import { type Delivery, type Sink, SinkError, type SinkKind } from "./types.ts";

/** Settings of `spec.sink.file`. */
export interface FileSettings {
  /** Absolute. */
  readonly path: string;
  /** Size at which a new file is begun. Default 100 MiB. */
  readonly maxBytes?: number;
  /** Age at which a new file is begun, seconds; 0: never. Default 0. */
  readonly maxAgeSeconds?: number;
  /** Older files that are kept beside the current one. Default 5. */
  readonly maxFiles?: number;
  /** Whether a batch counts as delivered only when it is on the disk. Default true. */
  readonly sync?: boolean;
}

const DEFAULT_MAX_BYTES = 100 * 1024 * 1024;
const DEFAULT_MAX_FILES = 5;

/** `spec.sink.file`. */
export const file: SinkKind<FileSettings> = {
  name: "file",
  acknowledges: true,
  schema: object("Appends each event as a line of JSON to a file that the router can write.", {
    path: string("Absolute path of the file. Its folder must exist.", {
      pattern: "^/([^/]+/)*[^/]+$",
      "x-kubernetes-validations": [{
        rule: "!self.split('/').exists(part, part == '..')",
        message: "the path may not contain ..",
      }],
    }),
    maxBytes: integer("Size at which a new file is begun.", 1024, 1_099_511_627_776, DEFAULT_MAX_BYTES),
    maxAgeSeconds: integer("Age at which a new file is begun; 0: never.", 0, 31_536_000, 0),
    maxFiles: integer("Older files to keep beside the current one.", 0, 1000, DEFAULT_MAX_FILES),
    sync: flag("Whether a batch counts as delivered only when it is on the disk.", true),
  }, ["path"]),
  open: (settings) => openFileSink(settings, Date.now),
};

/** The sink; `now` gives ms since the epoch. */
export async function openFileSink(settings: FileSettings, now: () => number): Promise<Sink> {
  const { path, sync = true } = settings;
  const inTurn = oneAtATime();
  let current = await LogFile.open(path, now()).catch(failed(`Cannot open "${path}"`));
  const append = async (batch: readonly Delivery[]) => {
    const bytes = linesOf(batch);
    if (current.closed) current = await LogFile.open(path, now());
    if (current.isFull(bytes.length, settings, now())) {
      current.close();
      await rotate(path, settings.maxFiles ?? DEFAULT_MAX_FILES, now());
      current = await LogFile.open(path, now());
    }
    await current.append(bytes, sync);
  };
  return {
    send: (batch, signal) =>
      inTurn(() => {
        throwIfAborted(signal, batch, path);
        return append(batch).catch(failed(`Cannot ${deliver(batch)} to "${path}"`));
      }),
    close: () => inTurn(async () => current.close()),
  };
}

/** The file that is written now. */
class LogFile {
  /** Set as well where a new file could not be begun: the next batch tries again. */
  closed = false;

  private constructor(readonly handle: Deno.FsFile, private size: number, private readonly born: number) {}

  static async open(path: string, now: number): Promise<LogFile> {
    const handle = await Deno.open(path, { read: true, append: true, create: true });
    const { size, birthtime } = await handle.stat();
    const file = new LogFile(handle, size, size === 0 ? now : birthtime?.getTime() ?? now);
    // A router that was killed while it wrote may have left half a line: the next one begins on a line of its own.
    if (size > 0 && !await endsWithNewline(handle, size)) await file.append(new Uint8Array([10]), false);
    return file;
  }

  isFull(more: number, { maxBytes = DEFAULT_MAX_BYTES, maxAgeSeconds = 0 }: FileSettings, now: number): boolean {
    if (this.size === 0) return false;
    return this.size + more > maxBytes || (maxAgeSeconds > 0 && now - this.born >= maxAgeSeconds * 1_000);
  }

  /** All of `bytes` or, where that fails, nothing: a batch that is tried again leaves no half of itself behind. */
  async append(bytes: Uint8Array, sync: boolean): Promise<void> {
    try {
      for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await this.handle.write(rest));
      if (sync) await this.handle.syncData();
    } catch (error) {
      await this.handle.truncate(this.size);
      throw error;
    }
    this.size += bytes.length;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.handle.close();
  }
}

async function endsWithNewline(handle: Deno.FsFile, size: number): Promise<boolean> {
  const last = new Uint8Array(1);
  await handle.seek(size - 1, Deno.SeekMode.Start);
  await handle.read(last);
  return last[0] === 10;
}

/** Moves the file aside as `<path>.<UTC time>` and removes the oldest ones beyond `maxFiles`. */
async function rotate(path: string, maxFiles: number, now: number): Promise<void> {
  const stamp = new Date(now).toISOString().replace(/[-:.]/g, "");
  const older = await rotated(path);
  let target = `${path}.${stamp}`;
  for (let n = 1; older.includes(target); n++) target = `${path}.${stamp}-${String(n).padStart(4, "0")}`;
  await Deno.rename(path, target);
  const all = [...older, target].sort();
  for (const old of all.slice(0, Math.max(all.length - maxFiles, 0))) await Deno.remove(old);
}

/** Files that {@linkcode rotate} has moved aside, oldest first. */
async function rotated(path: string): Promise<string[]> {
  const prefix = `${basename(path)}.`;
  const found: string[] = [];
  for await (const { name, isFile } of Deno.readDir(dirname(path))) {
    const stamp = name.startsWith(prefix) ? name.slice(prefix.length) : "";
    if (isFile && /^\d{8}T\d{9}Z(-\d{4})?$/.test(stamp)) found.push(join(dirname(path), name));
  }
  return found.sort();
}

/** A full disk may be emptied, a volume mounted; only a place where nothing can be written is the settings' fault. */
function failed(what: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof SinkError) throw error;
    const wrong = [
      Deno.errors.NotFound,
      Deno.errors.PermissionDenied,
      Deno.errors.IsADirectory,
      Deno.errors.NotADirectory,
    ]
      .some((kind) => error instanceof kind);
    const text = error instanceof Error ? error.message : String(error);
    throw new SinkError(wrong ? "Misconfigured" : "Unavailable", `${what}: ${text}`, { cause: error });
  };
}
