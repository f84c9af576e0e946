/** Watches on single objects and selections, shared by all who look at the same. @module */
export { ObjectWatches } from "./object_watches.ts";
export type { Query, Sight } from "./sight.ts";
