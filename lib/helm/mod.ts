export * from "./types.ts";
export * from "./release/mod.ts";
