/** Collecting what the CRD does not carry as it stands. */
import type { SchemaNote } from "./types.ts";

/** A path into the values document: keys, and `ITEMS` for "every item". */
export type Path = readonly string[];
/** The step into an array. */
export const ITEMS = "[*]";
/** The step into a map of unknown keys. */
export const ANY_KEY = "*";

/** `a.b[*].c`; keys that hold dots or brackets are quoted. */
export function formatPath(path: Path): string {
  return path.map((step, index) => {
    if (step === ITEMS) return ITEMS;
    if (step !== ANY_KEY && !/^[^.[\]"\s]+$/.test(step)) return `[${JSON.stringify(step)}]`;
    return index === 0 ? step : `.${step}`;
  }).join("");
}

/** The three lists of a report. One note a path and keyword. */
export class Notes {
  readonly #lists = {
    dropped: new Map<string, SchemaNote>(),
    relaxed: new Map<string, SchemaNote>(),
    shifted: new Map<string, SchemaNote>(),
  };

  /** Not enforced by the API server. */
  dropped = (path: Path, keyword: string, reason: string): void => this.#add("dropped", path, keyword, reason);
  /** Weakened on purpose. */
  relaxed = (path: Path, keyword: string, reason: string): void => this.#add("relaxed", path, keyword, reason);
  /** A default that is not the chart's. */
  shifted = (path: Path, keyword: string, reason: string): void => this.#add("shifted", path, keyword, reason);

  #add(list: "dropped" | "relaxed" | "shifted", path: Path, keyword: string, reason: string): void {
    const note = { path: formatPath(path), keyword, reason };
    const key = `${note.path}\n${keyword}`;
    if (!this.#lists[list].has(key)) this.#lists[list].set(key, note);
  }

  /** The lists, in the order of finding. */
  report(): { dropped: SchemaNote[]; relaxed: SchemaNote[]; shifted: SchemaNote[] } {
    const { dropped, relaxed, shifted } = this.#lists;
    return { dropped: [...dropped.values()], relaxed: [...relaxed.values()], shifted: [...shifted.values()] };
  }
}
