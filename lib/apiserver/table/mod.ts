/** Tables: what `kubectl get` shows. */
export * from "./columns.ts";
export * from "./json_path.ts";
