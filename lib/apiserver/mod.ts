/** An embedded Kubernetes API server, for development and tests. */
export { startApiServer } from "./server.ts";
export * from "./types.ts";
