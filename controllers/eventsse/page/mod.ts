/**
 * The page in a browser: `GET /` with its files, and what it lists beside the events.
 *
 * | route | answer |
 * |---|---|
 * | `GET /`, `GET /assets/…` | the page; no build step, nothing from elsewhere, scripts from here alone |
 * | `GET /compositions` | all compositions with their health, by namespace, kind and name; `ETag` |
 * | `GET /compositions/{id}` | one composition from its definition to its child objects |
 */
import { createHash } from "node:crypto";
import { Hono } from "../../../lib/deps/hono.ts";
import { type Asset, ASSETS } from "./assets.ts";
import type { Catalogue } from "./catalogue.ts";

export {
  type Catalogue,
  type ChildHealth,
  type CompositionSummary,
  type CompositionTree,
  watchCatalogue,
} from "./catalogue.ts";

/** Options of {@linkcode pageRoutes}. */
export interface PageOptions {
  /** Without one (no cluster at hand) there are no compositions. */
  readonly catalogue?: Catalogue;
  /** Whether who asks may read a composition. Default: everybody may. */
  readonly mayRead?: (request: Request, id: string) => Promise<boolean>;
}

/** Nothing but what this server itself sends may run or be fetched, so that text of an event stays text. */
const SAFE = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

/** The routes of the page. */
export function pageRoutes({ catalogue, mayRead = () => Promise.resolve(true) }: PageOptions = {}): Hono {
  const app = new Hono();
  for (const [path, asset] of Object.entries(ASSETS)) {
    const file = fileOf(asset);
    app.get(path, ({ req }) => file(req.header("If-None-Match")));
  }
  app.get("/compositions", async ({ req }) => {
    const all = catalogue?.list() ?? [];
    const allowed = await Promise.all(all.map(({ id }) => mayRead(req.raw, id)));
    return answer(JSON.stringify(all.filter((_, i) => allowed[i])), "application/json", req.header("If-None-Match"));
  });
  app.get("/compositions/:id", async ({ req, json, notFound }) => {
    const id = req.param("id");
    const tree = await mayRead(req.raw, id) ? await catalogue?.tree(id) : undefined;
    return tree === undefined ? notFound() : json(tree);
  });
  return app;
}

function fileOf({ type, text }: Asset): (known: string | undefined) => Response {
  return (known) => answer(text, type, known);
}

/** The text, or 304 to who has it. */
function answer(text: string, type: string, known: string | undefined): Response {
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  const headers = { ...SAFE, "Content-Type": type, "Cache-Control": "no-cache", "ETag": etag };
  return known === etag ? new Response(null, { status: 304, headers }) : new Response(text, { headers });
}
