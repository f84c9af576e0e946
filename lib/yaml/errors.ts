/**
 * Why a YAML text or value was refused.
 *
 * - `Syntax`: not YAML, or YAML that Go's parser refuses.
 * - `Alias`: an alias is unknown, contains itself, or aliases expand beyond the limit.
 * - `Depth`: collections are nested deeper than the limit.
 * - `Key`: a mapping key that JSON has no string for (null, a list, a map).
 * - `Value`: a value that JSON cannot hold (infinity, not-a-number) or a tag that does not fit its scalar.
 * - `Unrepresentable`: a value that the emitter cannot write (control characters, functions, cycles).
 */
export type YamlErrorReason = "Syntax" | "Alias" | "Depth" | "Key" | "Value" | "Unrepresentable";

/** An error of this folder. `line` counts from 1 and is absent where no place is known. */
export class YamlError extends Error {
  /** Why, for code that decides by it. */
  readonly reason: YamlErrorReason;
  /** Line of the text, from 1; undefined where no place is known. */
  readonly line: number | undefined;

  /** An error with a reason and the message to show. */
  constructor(reason: YamlErrorReason, message: string, line?: number) {
    super(message);
    this.name = "YamlError";
    this.reason = reason;
    this.line = line;
  }
}
