/** Access for everybody. */
import { Problem } from "../problem.ts";
import type { Access } from "./types.ts";

/** Everybody may everything: for loopback. */
export const OPEN_ACCESS: Access = {
  read: (_request, filter) => Promise.resolve({ filter }),
  publish: () => Promise.resolve(),
  ticket: () => Promise.reject(new Problem(404, "This server needs no tickets: everybody may read")),
};
