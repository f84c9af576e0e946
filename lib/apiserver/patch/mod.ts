/** Patches that need no schema. */
export * from "./json_patch.ts";
export * from "./merge_patch.ts";
