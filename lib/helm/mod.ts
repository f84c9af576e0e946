/**
 * Helm without a cluster: chart sources, charts and values, rendering, release records.
 *
 * @module
 */
export * from "./types.ts";
export * from "./chart/mod.ts";
export * from "./render/mod.ts";
export * from "./release/mod.ts";
export * from "./source/mod.ts";
export * from "./lint/mod.ts";
export { BoundedCache } from "./bounded_cache.ts";
