/** Discovery and OpenAPI: what the server serves. */
export * from "./discovery.ts";
export * from "./version_order.ts";
