/** Redis. Loaded when somebody connects, not with the program. */
export type { Redis, RedisOptions } from "npm:ioredis@5.11.1";

/** The package; a specifier that is a literal lets Deno find it for cache and bundle. */
export function loadRedis() {
  return import("npm:ioredis@5.11.1");
}
