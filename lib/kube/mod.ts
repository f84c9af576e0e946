/** A Kubernetes client: streams of changes, lossless JSON, server-side apply. */
export * from "./types.ts";
export * from "./transport.ts";
export * from "./client_types.ts";
