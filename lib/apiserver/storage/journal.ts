/** Keeping the state in a directory: a log of changes, rewritten as a whole when it is opened. */
import type { KubeObject } from "../../kube/mod.ts";
import type { Commit } from "./entry.ts";
import type { Store } from "./store.ts";

/** A line of the log: an object as it was stored, or the key of one that was removed. */
type Line =
  | { readonly resource: string; readonly object: KubeObject }
  | { readonly resource: string; readonly removed: string; readonly revision: number };

const FILE = "state.jsonl";

/** ms after which a change is on disk. */
const FLUSH_INTERVAL = 50;

/** Reading or writing the state failed. */
export class JournalError extends Error {
  override readonly name = "JournalError";
  /** @param reason `Corrupt`: a line cannot be read; `Locked`: another server uses the directory. */
  constructor(readonly reason: "Corrupt" | "Locked", message: string) {
    super(message);
  }
}

/**
 * The log of one store. Changes are written in the order of their revisions, a few at a time; what was not written when the
 * process died is lost, as a client sees by the revision. A line that a dying process left unfinished is dropped.
 */
export class Journal {
  readonly #file: Deno.FsFile;
  readonly #unsubscribe: () => void;
  #pending: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(file: Deno.FsFile, store: Store) {
    this.#file = file;
    this.#unsubscribe = store.subscribe(undefined, (commit) => this.#write(commit));
  }

  /**
   * Loads a directory's state into an empty store and keeps it there from now on.
   *
   * @throws JournalError
   */
  static open(directory: string, store: Store): Journal {
    Deno.mkdirSync(directory, { recursive: true });
    const file = Deno.openSync(`${directory}/${FILE}`, { read: true, write: true, create: true });
    try {
      if (!file.tryLockSync(true)) {
        throw new JournalError(
          "Locked",
          `Cannot open "${directory}/${FILE}": another server uses it: end that, or name another directory`,
        );
      }
      restore(Deno.readTextFileSync(`${directory}/${FILE}`), store, directory);
      compact(file, store);
      return new Journal(file, store);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Writes what is pending and lets go of the file. */
  close(): void {
    this.#unsubscribe();
    clearTimeout(this.#timer);
    this.#flush();
    this.#file.close();
  }

  #write({ type, resource, entry, revision }: Commit): void {
    const line: Line = type === "DELETED"
      ? { resource, removed: entry.key, revision }
      : { resource, object: entry.object };
    this.#pending.push(`${JSON.stringify(line)}\n`);
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_INTERVAL);
  }

  #flush(): void {
    this.#timer = undefined;
    const bytes = new TextEncoder().encode(this.#pending.join(""));
    this.#pending = [];
    writeAll(this.#file, bytes);
  }
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) offset += file.writeSync(bytes.subarray(offset));
}

function restore(text: string, store: Store, directory: string): void {
  const lines = text.split("\n");
  // After the last line break there is nothing, or what a dying process did not finish.
  lines.pop();
  lines.forEach((line, index) => {
    const change = parseLine(line);
    if (change === undefined) {
      throw new JournalError(
        "Corrupt",
        `Cannot read line ${index + 1} of "${directory}/${FILE}": restore it, or remove the directory`,
      );
    }
    if ("object" in change) store.restore(change.resource, change.object);
    else store.forget(change.resource, change.removed, change.revision);
  });
}

/** Here bytes become types: the lines are this module's own. */
function parseLine(line: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isLine = typeof value === "object" && value !== null && "resource" in value &&
      ("object" in value || "removed" in value);
    return isLine ? value as Line : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The log begins again with what is there, so it does not grow from start to start. */
function compact(file: Deno.FsFile, store: Store): void {
  const lines: string[] = [];
  for (const resource of store.resources) {
    for (const { object } of store.collection(resource).all()) lines.push(JSON.stringify({ resource, object }));
  }
  // The revision goes on from the newest change, even where that was a removal.
  lines.push(JSON.stringify({ resource: "", removed: "", revision: store.revision }));
  file.seekSync(0, Deno.SeekMode.Start);
  file.truncateSync(0);
  writeAll(file, new TextEncoder().encode(`${lines.join("\n")}\n`));
}
