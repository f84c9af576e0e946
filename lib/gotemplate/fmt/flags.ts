/**
 * The flags, width and precision of one `printf` directive, and padding by them.
 *
 * @module
 */
import { runeCount } from "../bytes.ts";

/** What stands between `%` and the verb. */
export class Flags {
  minus = false;
  plus = false;
  sharp = false;
  space = false;
  zero = false;
  /** `%+v`, `%#v`: these two change the format of values rather than of numbers. */
  plusV = false;
  sharpV = false;
  /** -1: not given. */
  width = -1;
  precision = -1;

  /** Moves `+` and `#` to where `v` looks for them. */
  forValue(): void {
    this.sharpV = this.sharp;
    this.sharp = false;
    this.plusV = this.plus;
    this.plus = false;
  }

  /** Pads to the width, counted in runes. */
  pad(text: string): string {
    if (this.width < 0) return text;
    const missing = this.width - runeCount(text);
    if (missing <= 0) return text;
    if (this.minus) return text + " ".repeat(missing);
    return (this.zero ? "0" : " ").repeat(missing) + text;
  }

  /** Runs with zero padding switched off. */
  padBlank(text: string): string {
    const { zero } = this;
    this.zero = false;
    const padded = this.pad(text);
    this.zero = zero;
    return padded;
  }
}
