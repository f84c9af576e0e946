/** Reading untyped YAML with errors that name the file, the key and what was expected. */
import { dirname, isAbsolute, join } from "node:path";
import type { Material } from "./_material.ts";

/** Why a kubeconfig cannot be used. */
export type KubeconfigReason = "Malformed" | "NoContext" | "NotFound";

/** A kubeconfig that cannot be used. */
export class KubeconfigError extends Error {
  override readonly name = "KubeconfigError";
  readonly reason: KubeconfigReason;
  /** The file, or the files separated by `:`. */
  readonly file: string;
  /** e.g. `clusters[0].cluster.server`; empty for the file as a whole. */
  readonly key: string;

  constructor(reason: KubeconfigReason, file: string, key: string, expected: string) {
    super(`Cannot use kubeconfig "${file}"${key && ` at "${key}"`}: expected ${expected}`);
    this.reason = reason;
    this.file = file;
    this.key = key;
  }
}

/** A mapping of a kubeconfig. */
export class KubeconfigFields {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #file: string;
  readonly #path: string;

  private constructor(values: Readonly<Record<string, unknown>>, file: string, path: string) {
    this.#values = values;
    this.#file = file;
    this.#path = path;
  }

  static of(value: unknown, file: string, path: string): KubeconfigFields {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new KubeconfigError("Malformed", file, path, "a mapping");
    }
    return new KubeconfigFields(Object.fromEntries(Object.entries(value)), file, path);
  }

  wrong(key: string, expected: string): KubeconfigError {
    return new KubeconfigError("Malformed", this.#file, this.#at(key), expected);
  }

  has(key: string): boolean {
    return this.#values[key] !== undefined && this.#values[key] !== null;
  }

  text(key: string): string | undefined {
    const value = this.#values[key];
    if (value === undefined || value === null || value === "") return undefined;
    // An unquoted token may look like a number; kubectl would refuse it, and so do we, rather than lose digits.
    if (typeof value !== "string") throw this.wrong(key, "a string");
    return value;
  }

  required(key: string): string {
    const value = this.text(key);
    if (value === undefined) throw this.wrong(key, "a string that is not empty");
    return value;
  }

  flag(key: string): boolean {
    const value = this.#values[key] ?? false;
    if (typeof value !== "boolean") throw this.wrong(key, "true or false");
    return value;
  }

  texts(key: string): string[] {
    const value = this.#values[key] ?? [];
    if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
      throw this.wrong(key, "a list of strings");
    }
    return value;
  }

  list(key: string): KubeconfigFields[] {
    const value = this.#values[key] ?? [];
    if (!Array.isArray(value)) throw this.wrong(key, "a list");
    return value.map((item, index) => KubeconfigFields.of(item, this.#file, `${this.#at(key)}[${index}]`));
  }

  map(key: string): KubeconfigFields {
    return KubeconfigFields.of(this.#values[key] ?? {}, this.#file, this.#at(key));
  }

  /** A path, made absolute from the file's directory. */
  path(key: string): string | undefined {
    const value = this.text(key);
    return value === undefined ? undefined : this.#absolute(value);
  }

  /** A command: looked up in `PATH` when it is a bare name, else relative to the file's directory. */
  command(key: string): string {
    const value = this.required(key);
    return value.includes("/") ? this.#absolute(value) : value;
  }

  /** `<key>-data`, base64, or the file `<key>`. The data win, as kubectl has it. */
  material(key: string): Material | undefined {
    const data = this.text(`${key}-data`);
    if (data === undefined) {
      const file = this.path(key);
      return file === undefined ? undefined : { file };
    }
    try {
      return { data: atob(data.replace(/\s/g, "")) };
    } catch {
      throw this.wrong(`${key}-data`, "base64");
    }
  }

  #absolute(path: string): string {
    return isAbsolute(path) ? path : join(dirname(this.#file), path);
  }

  #at(key: string): string {
    return this.#path === "" ? key : `${this.#path}.${key}`;
  }
}
