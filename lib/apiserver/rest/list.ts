/** Lists: consistent, paged, streamed when long. */
import type { Core } from "../core.ts";
import { ApiError, badRequest, invalidOptions } from "../status.ts";
import type { Entry } from "../storage/mod.ts";
import { type Answer, jsonAnswer } from "./exchange.ts";
import type { ListMeta, Representation } from "./representation.ts";
import { type Selection, selectionOf } from "./selection.ts";
import type { Target } from "./target.ts";

/** One page of a list. */
export interface Page {
  readonly entries: readonly Entry[];
  readonly meta: ListMeta;
}

interface Continue {
  readonly revision: number;
  /** Key of the last object of the page before. */
  readonly after: string;
}

/** Items encoded at a time when an answer is streamed, and the length from which it is. */
const CHUNK = 250;

/**
 * The page that a query asks for.
 *
 * @throws ApiError `BadRequest`, `Expired` for a page whose snapshot is out of reach, `Timeout` for a revision of the future.
 */
export function listPage(core: Core, target: Target, query: URLSearchParams): Page {
  const selection = selectionOf(target, query);
  const token = readContinue(query);
  const revision = token?.revision ?? exactRevision(core, query) ?? core.store.revision;
  const all = entriesAt(core, target, selection, revision);
  const rest = token === undefined ? all : all.filter((entry) => entry.key > token.after);
  const limit = readLimit(query);
  const entries = limit === undefined ? rest : rest.slice(0, limit);
  const last = entries.at(-1);
  if (entries.length === rest.length || last === undefined) {
    return { entries, meta: { resourceVersion: String(revision) } };
  }
  return {
    entries,
    meta: {
      resourceVersion: String(revision),
      continue: writeContinue({ revision, after: last.key }),
      // As in Kubernetes, the count is only known where nothing is filtered.
      ...(selection.everything ? { remainingItemCount: rest.length - entries.length } : {}),
    },
  };
}

function entriesAt(core: Core, target: Target, selection: Selection, revision: number): Entry[] {
  const collection = core.store.collection(target.served.resource);
  const entries = collection.at(revision, selection.namespace);
  return selection.everything ? entries : entries.filter((entry) => selection.matches(entry));
}

/** The answer for a page. */
export function listAnswer(page: Page, representation: Representation): Answer {
  const { head, tail } = representation.list(page.meta);
  const { entries } = page;
  if (entries.length <= CHUNK) {
    return jsonAnswer(head + entries.map((entry) => representation.item(entry)).join(",") + tail);
  }
  const encoder = new TextEncoder();
  let next = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = entries.slice(next, next + CHUNK).map((entry) => representation.item(entry)).join(",");
      const first = next === 0 ? head : ",";
      next += CHUNK;
      const done = next >= entries.length;
      controller.enqueue(encoder.encode(first + chunk + (done ? tail : "")));
      if (done) controller.close();
    },
  });
  return { status: 200, headers: { "content-type": "application/json" }, body };
}

/**
 * Checks that a read does not ask for a revision that does not exist yet.
 *
 * The real server waits three seconds for it; here no other server can make one, so it is refused at once.
 */
export function checkRevision(core: Core, text: string | null): number | undefined {
  if (text === null || text === "") return undefined;
  if (!/^\d+$/.test(text)) {
    const why = `Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`;
    throw badRequest(`invalid resource version: resourceVersion: ${why}`);
  }
  const revision = Number(text);
  if (revision > core.store.revision) {
    throw new ApiError("Timeout", `Timeout: Too large resource version: ${revision}, current: ${core.store.revision}`, {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    });
  }
  return revision;
}

/** The revision of a list that must be of exactly that one; any other minimum is met by the present. */
function exactRevision(core: Core, query: URLSearchParams): number | undefined {
  const revision = checkRevision(core, query.get("resourceVersion"));
  const match = query.get("resourceVersionMatch");
  if (match === null || match === "") return undefined;
  if (match !== "Exact" && match !== "NotOlderThan") {
    const message = `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`;
    throw invalidOptions("ListOptions", { reason: "FieldValueNotSupported", field: "resourceVersionMatch", message });
  }
  if (revision === undefined) {
    throw matchForbidden("resourceVersionMatch is forbidden unless resourceVersion is provided");
  }
  if (match === "Exact" && revision === 0) {
    throw matchForbidden('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
  return match === "Exact" ? revision : undefined;
}

/** 422 for a `resourceVersionMatch` that does not go with the other options. */
export function matchForbidden(why: string): ApiError {
  return invalidOptions("ListOptions", {
    reason: "FieldValueForbidden",
    field: "resourceVersionMatch",
    message: `Forbidden: ${why}`,
  });
}

function readLimit(query: URLSearchParams): number | undefined {
  const text = query.get("limit");
  if (text === null || text === "" || text === "0") return undefined;
  if (!/^\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Number(text);
}

function writeContinue({ revision, after }: Continue): string {
  return encodeURIComponent(JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start: after })).replaceAll("%", "~");
}

function readContinue(query: URLSearchParams): Continue | undefined {
  const text = query.get("continue");
  if (text === null || text === "") return undefined;
  const revision = query.get("resourceVersion");
  if (revision !== null && revision !== "" && revision !== "0") {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
  try {
    const token: unknown = JSON.parse(decodeURIComponent(text.replaceAll("~", "%")));
    if (typeof token === "object" && token !== null && "rv" in token && "start" in token) {
      const { rv, start } = token;
      if (typeof rv === "number" && typeof start === "string") return { revision: rv, after: start };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof URIError)) throw error;
  }
  throw badRequest("invalid continue token: continue key is not valid: it is not one that this server gave");
}
