import type { Json } from "../json.ts";

/** A program that cannot be compiled. The position counts UTF-16 units of the program from 0. */
export class JqSyntaxError extends Error {
  constructor(message: string, readonly position: number) {
    super(message);
  }
}

/** An error that a program raised, and that it may catch. */
export class JqError extends Error {
  constructor(readonly value: Json) {
    super(typeof value === "string" ? value : `${JSON.stringify(value)} (not a string)`);
  }
}

/** A program that takes too many steps or makes too much: nothing in it can catch this. */
export class JqLimitError extends Error {}

/** `break`: the label is known by identity. */
export class JqBreak extends Error {
  constructor(readonly label: symbol) {
    super("break");
  }
}
