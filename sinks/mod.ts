/**
 * Sinks: where eventrouter can deliver to, one file each.
 *
 * @module
 */
export * from "./types.ts";
