/** Label and field selectors. */
export * from "./fields.ts";
export * from "./labels.ts";
