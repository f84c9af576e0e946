import { YamlError } from "./errors.ts";

/** The beginning of a key that JSON has no string for; no YAML text contains this character. */
const MARK = "\0";

/**
 * Faults that Go finds only when it turns what it decoded into JSON: keys first, then values. What a later entry of the
 * same key replaced is never looked at.
 */
export class LateFaults {
  /** By the object that the key is in. */
  readonly #keys = new Map<object, Map<string, YamlError>>();
  #hasNumber = false;

  /** Notes a key that JSON has no string for. @returns The key to put in its place. */
  key(into: object, text: string, error: YamlError): string {
    const faults = this.#keys.get(into) ?? new Map<string, YamlError>();
    this.#keys.set(into, faults.set(`${MARK}${text}`, error));
    return `${MARK}${text}`;
  }

  /** Notes that a number was read that JSON has no form for. */
  number(): void {
    this.#hasNumber = true;
  }

  /** @throws YamlError `Key` or `Value` when a decoded value has a fault. */
  check(value: unknown): void {
    const fault = (this.#keys.size > 0 ? this.#keyFault(value) : undefined) ??
      (this.#hasNumber ? numberFault(value) : undefined);
    if (fault !== undefined) throw fault;
  }

  #keyFault(value: unknown): YamlError | undefined {
    if (typeof value !== "object" || value === null) return undefined;
    const faults = this.#keys.get(value);
    for (const [key, item] of Object.entries(value)) {
      const fault = faults?.get(key) ?? this.#keyFault(item);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}

function numberFault(value: unknown): YamlError | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) {
    const name = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    return new YamlError("Value", `json: unsupported value: ${name}`);
  }
  if (typeof value !== "object" || value === null) return undefined;
  for (const item of Object.values(value)) {
    const fault = numberFault(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
