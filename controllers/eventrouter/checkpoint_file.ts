/** Positions in a directory: a snapshot, and a journal of what was acknowledged since. */
import { join } from "node:path";
import { type Acknowledgement, type Checkpoint, type Positions, replay } from "./checkpoint.ts";

const SNAPSHOT = "checkpoint.json";
const JOURNAL = "acknowledged.log";

/**
 * Keeps positions in files. Each acknowledgement is written before anything else is sent on its lane, so that even a process that is
 * killed repeats no more than what it had no time to write: an answer that was on its way.
 */
export class FileCheckpoint implements Checkpoint {
  readonly #directory: string;
  #journal: Deno.FsFile | undefined;
  readonly #encoder = new TextEncoder();

  /** @param directory Is made where it does not exist; one router's own. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  async load(): Promise<Positions> {
    await Deno.mkdir(this.#directory, { recursive: true });
    const snapshot = await read(join(this.#directory, SNAPSHOT));
    const journal = await read(join(this.#directory, JOURNAL));
    // The seam where bytes become types: this class alone writes the file, by renaming a whole one.
    const positions = replay(snapshot === "" ? {} : JSON.parse(snapshot) as Positions, parseJournal(journal));
    await this.save(positions);
    return positions;
  }

  async save(positions: Positions): Promise<void> {
    const file = join(this.#directory, SNAPSHOT);
    // Synchronous, so that no acknowledgement comes in between and gets lost with the old journal.
    Deno.writeTextFileSync(`${file}.new`, JSON.stringify(positions));
    Deno.renameSync(`${file}.new`, file);
    this.#journal?.close();
    this.#journal = Deno.openSync(join(this.#directory, JOURNAL), { write: true, create: true, truncate: true });
  }

  acknowledged(registration: string, source: string, positions: readonly number[]): void {
    this.#journal?.writeSync(this.#encoder.encode(`${registration} ${source}: ${positions.join(" ")}\n`));
  }

  close(): void {
    this.#journal?.close();
    this.#journal = undefined;
  }
}

/** The last line may have been cut by the process's end. */
function parseJournal(text: string): Acknowledgement[] {
  return text.split("\n").slice(0, -1).flatMap((line) => {
    const match = /^(\S+) (\S*): ([\d ]+)$/.exec(line);
    if (match === null) return [];
    const [, registration = "", source = "", numbers = ""] = match;
    return [{ registration, source, positions: numbers.split(" ").map(Number) }];
  });
}

async function read(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
