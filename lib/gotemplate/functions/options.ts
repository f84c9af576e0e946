/**
 * What the function library takes from outside: randomness, the clock, the local zone and the limits. All of it is injectable,
 * so that a render can be repeated byte by byte.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { FunctionError } from "../signature.ts";
import { loadZone, localZone, UTC, type Zone } from "./time/zone.ts";

/** Settings of the function library. */
export interface FunctionOptions {
  /** The one source of randomness. Default: the operating system's generator. */
  readonly random?: (count: number) => Uint8Array;
  /** The clock. Default: the system's. */
  readonly now?: () => Date;
  /** IANA name of the zone that Go calls `Local`. Default: `UTC`, so that output does not depend on the machine. */
  readonly timeZone?: string;
  /** Longest string that a function makes, in UTF-16 code units. Default: 64 Mi. */
  readonly maxCharacters?: number;
  /** Longest list that a function makes, in items. Default: 10,000,000. */
  readonly maxItems?: number;
}

/** The settings as functions use them. */
export interface Environment {
  readonly random: (count: number) => Uint8Array;
  readonly now: () => Date;
  readonly local: Zone;
  /** Refuses a string of that many characters when it is too long. */
  readonly checkCharacters: (name: string, count: number) => void;
  /** Refuses a list of that many items when it is too long. */
  readonly checkItems: (name: string, count: number) => void;
}

/** Longest string that functions make by default, in UTF-16 code units. */
export const DEFAULT_MAX_CHARACTERS = 64 * 1024 * 1024;
/** Longest list that functions make by default, in items. */
export const DEFAULT_MAX_ITEMS = 10_000_000;

/** Fills the defaults in. */
export function environmentOf(options: FunctionOptions = {}): Environment {
  const { maxCharacters = DEFAULT_MAX_CHARACTERS, maxItems = DEFAULT_MAX_ITEMS } = options;
  return {
    random: options.random ?? ((count) => new Uint8Array(randomBytes(count))),
    now: options.now ?? (() => new Date()),
    local: localZone(loadZone(options.timeZone ?? "UTC") ?? UTC),
    checkCharacters: (name, count) => check(name, count, maxCharacters, "characters"),
    checkItems: (name, count) => check(name, count, maxItems, "items"),
  };
}

function check(name: string, count: number, limit: number, unit: string): void {
  if (count <= limit) return;
  throw new FunctionError(`${name} would make ${count} ${unit}, more than the limit of ${limit}`);
}
