/** Storage: objects, revisions, history. */
export * from "./collection.ts";
export * from "./entry.ts";
export * from "./journal.ts";
export * from "./store.ts";
