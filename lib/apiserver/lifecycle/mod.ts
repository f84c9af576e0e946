/** What the server does by itself: namespaces, garbage collection, definitions. */
export * from "./definition.ts";
export * from "./definition_rules.ts";
export * from "./definitions.ts";
export * from "./garbage.ts";
export * from "./namespaces.ts";
export * from "./rewrite.ts";
export * from "./work.ts";
