/** Query parameters of streams and lists. */
import { type Filter, isOneLine } from "../../lib/sse/mod.ts";
import type { PageQuery } from "./history.ts";
import { Problem } from "./problem.ts";

/** What events can be filtered by, the most selective first. */
export const DIMENSIONS = ["composition", "topic", "namespace", "kind", "type"] as const;

const STREAM_PARAMETERS = [...DIMENSIONS, "lastEventId", "last_event_id", "ticket"];
const LIST_PARAMETERS = [...DIMENSIONS, "limit", "cursor", "since", "until", "versions", "ticket"];
/** Values of one filter that a client may name. */
const MAX_VALUES = 100;

/** The filters of a request: each may be repeated, any value of a name counts, all names must agree. */
export function filterOf(query: URLSearchParams): Filter {
  const filter: Record<string, readonly string[]> = {};
  for (const name of DIMENSIONS) {
    const values = [...new Set(query.getAll(name))];
    if (values.length === 0) continue;
    if (values.length > MAX_VALUES) throw badParameter(name, `has more than ${MAX_VALUES} values`);
    if (values.some((value) => value === "")) throw badParameter(name, "is empty");
    if (!values.every(isOneLine)) throw badParameter(name, "has a line break or a NUL");
    filter[name] = values;
  }
  return filter;
}

/** What a stream is asked for. */
export interface StreamQuery {
  readonly filter: Filter;
  readonly lastEventId?: string;
}

/** Reads the query of a stream; the header wins over the query, as a reconnecting browser sends the newer one there. */
export function streamQuery(query: URLSearchParams, headers: Headers): StreamQuery {
  refuseUnknown(query, STREAM_PARAMETERS);
  const lastEventId = headers.get("Last-Event-ID") ?? query.get("lastEventId") ?? query.get("last_event_id");
  return { filter: filterOf(query), ...(lastEventId ? { lastEventId } : {}) };
}

/**
 * Reads the query of a list.
 *
 * @param max Largest `limit`; more is cut to it.
 * @throws {Problem} 400 that names the parameter.
 */
export function pageQuery(query: URLSearchParams, max: number, epoch: string): PageQuery {
  refuseUnknown(query, LIST_PARAMETERS);
  const before = cursorOf(query.get("cursor"), epoch);
  const since = timeOf(query, "since");
  const until = timeOf(query, "until");
  return {
    filter: filterOf(query),
    limit: limitOf(query.get("limit"), max),
    versions: versionsOf(query.get("versions")),
    ...(before === undefined ? {} : { before }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

/** The `cursor` that {@linkcode pageQuery} reads. */
export function cursorText(epoch: string, before: number): string {
  return `${epoch}.${before}`;
}

function cursorOf(text: string | null, epoch: string): number | undefined {
  if (text === null) return undefined;
  const match = /^([0-9a-z]+)\.([1-9][0-9]{0,15})$/.exec(text);
  if (match === null) throw badParameter("cursor", "is not one that this server gave");
  if (match[1] !== epoch) throw badParameter("cursor", "is of a history that is gone: begin without one");
  return Number(match[2]);
}

function limitOf(text: string | null, max: number): number {
  if (text === null) return max;
  const limit = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
  if (limit < 1) throw badParameter("limit", "is no whole number from 1");
  return Math.min(limit, max);
}

function versionsOf(text: string | null): boolean {
  if (text === null || text === "latest") return false;
  if (text === "all") return true;
  throw badParameter("versions", 'is neither "latest" nor "all"');
}

/** RFC 3339, or ms since the epoch. */
function timeOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const isStamp = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i.test(text);
  const time = isStamp ? Date.parse(text) : /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(time)) throw badParameter(name, 'is no time like "2026-01-31T12:00:00Z"');
  return time;
}

/** A filter with a slip in its name would let everything through. */
function refuseUnknown(query: URLSearchParams, known: readonly string[]): void {
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) throw badParameter(unknown, `is not known: one of ${known.join(", ")}`);
}

function badParameter(name: string, complaint: string): Problem {
  return new Problem(400, `Query parameter "${name}" ${complaint}`, { field: name });
}
