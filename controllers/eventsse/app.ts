/** The HTTP surface. */
import { type Context, Hono } from "../../lib/deps/hono.ts";
import { formatEventId } from "../../lib/sse/mod.ts";
import type { Access } from "./access/mod.ts";
import { EmptyBody, readJson } from "./body.ts";
import { type AllowedOrigins, corsHeaders, preflightHeaders, refuseForeignOrigin } from "./cors.ts";
import { readCustom } from "./custom.ts";
import { dataOf, type StreamEntry } from "./entry.ts";
import type { History } from "./history.ts";
import { compositionOf, KRATEO_TOPIC, type KubernetesEvent, kubernetesMessage, storageKey } from "./message.ts";
import { OPENAPI } from "./openapi.ts";
import { cursorText, pageQuery } from "./query.ts";
import { type Catalogue, pageRoutes } from "./page/mod.ts";
import { Problem } from "./problem.ts";
import { admit, type StreamContext, streamResponse } from "./stream.ts";

/** What the server tells a handler beside the request. */
export interface Remote {
  readonly address: string;
}

type AppContext = Context<{ Bindings: Remote }>;
type Handler = (c: AppContext) => Response | Promise<Response>;
/** Handlers of one path by method. */
type Methods = Readonly<Record<string, Handler>>;

/** What the routes need. */
export interface AppOptions {
  readonly history: History;
  readonly access: Access;
  readonly origins: AllowedOrigins;
  readonly stream: StreamContext;
  /** Most events of one list. */
  readonly maxLimit: number;
  /** Answer 204 instead of `200 []` and 400, as the original does for empty lists and empty bodies. */
  readonly emptyIs204: boolean;
  readonly metrics: () => Promise<Response>;
  readonly now: () => number;
  readonly onPublish: (count: number, repeated: number) => void;
  /** Compositions for the page; without a cluster there are none. */
  readonly catalogue?: Catalogue;
  /** Called with failures that are no refusal. */
  readonly onError: (error: unknown) => void;
}

/** An application for any server that speaks `fetch`. */
export function eventSseApp(options: AppOptions): Hono<{ Bindings: Remote }> {
  const app = new Hono<{ Bindings: Remote }>();
  app.onError((error, c) => refused(c.req.raw, error, options));
  app.notFound((c) => refused(c.req.raw, new Problem(404, `There is no ${c.req.path}`), options));
  const routes: Readonly<Record<string, Methods>> = {
    "/handle": { POST: (c) => handle(c, options) },
    "/publish": { POST: (c) => publish(c, options) },
    "/notifications": { GET: (c) => notifications(c, options) },
    "/events": { GET: (c) => list(c, options) },
    "/events/:composition": { GET: (c) => list(c, options) },
    "/tickets": { POST: (c) => ticket(c, options) },
    "/openapi.json": { GET: (c) => c.json(OPENAPI, 200, corsHeaders(c.req.raw, options.origins)) },
    "/health": { GET: (c) => health(c, options) },
    "/livez": { GET: (c) => c.text("ok\n") },
    "/readyz": { GET: (c) => ready(c, options) },
    "/metrics": { GET: () => options.metrics() },
  };
  for (const [path, methods] of Object.entries(routes)) {
    for (const [method, handler] of Object.entries(methods)) app.on(method, path, handler);
    app.options(path, (c) => new Response(null, { status: 204, headers: preflight(c, methods, options) }));
    app.all(path, (c) => refused(c.req.raw, wrongMethod(c, methods), options));
  }
  const { catalogue, access } = options;
  app.route(
    "/",
    pageRoutes({ ...(catalogue ? { catalogue } : {}), mayRead: (request, id) => mayRead(access, request, id) }),
  );
  return app;
}

/** Whether a composition may be read; who is not known at all is told so. */
async function mayRead(access: Access, request: Request, id: string): Promise<boolean> {
  try {
    await access.read(request, { composition: [id] });
    return true;
  } catch (error) {
    if (error instanceof Problem && error.status === 403) return false;
    throw error;
  }
}

async function handle(c: AppContext, options: AppOptions): Promise<Response> {
  const { raw } = c.req;
  refuseForeignOrigin(raw, options.origins);
  await options.access.publish(raw, [KRATEO_TOPIC]);
  const value = await readJson(raw);
  const now = options.now();
  const events = Array.isArray(value) ? value : [value];
  const messages = events.map((event) => kubernetesMessage(event, now));
  const kept = await options.history.append(messages);
  options.onPublish(kept.length, kept.filter(({ repeated }) => repeated).length);
  const keys = events.map((event: KubernetesEvent) =>
    storageKey(event.metadata?.uid ?? "", compositionOf(event.metadata?.labels))
  );
  const headers = corsHeaders(raw, options.origins);
  return Array.isArray(value) ? c.json(keys, 200, headers) : c.text(keys[0] ?? "", 200, headers);
}

async function publish(c: AppContext, options: AppOptions): Promise<Response> {
  const { raw } = c.req;
  refuseForeignOrigin(raw, options.origins);
  const message = await readCustom(raw, options.now());
  await options.access.publish(raw, message.labels["topic"] ?? []);
  const kept = await options.history.append([message]);
  options.onPublish(kept.length, kept.filter(({ repeated }) => repeated).length);
  const [first] = kept;
  const id = formatEventId({ epoch: options.history.epoch, seq: first?.seq ?? 0 });
  return c.json({ id, repeated: first?.repeated ?? false }, 200, corsHeaders(raw, options.origins));
}

async function ticket(c: AppContext, options: AppOptions): Promise<Response> {
  const given = await options.access.ticket(c.req.raw);
  return c.json(given, 200, { ...corsHeaders(c.req.raw, options.origins), "Cache-Control": "no-store" });
}

async function notifications(c: AppContext, options: AppOptions): Promise<Response> {
  const admission = await admit(c.req.raw, c.env.address, options.stream);
  if (c.req.method !== "HEAD") return streamResponse(admission);
  admission.leave();
  return new Response(null, { headers: admission.headers });
}

async function list(c: AppContext, options: AppOptions): Promise<Response> {
  const { history, origins } = options;
  const url = new URL(c.req.url);
  const composition = c.req.param("composition");
  const asked = new URLSearchParams(url.search);
  if (composition !== undefined) asked.set("composition", composition);
  const query = pageQuery(asked, options.maxLimit, history.epoch);
  const { filter } = await options.access.read(c.req.raw, query.filter);
  // Taken before the page, so that a stream that begins there shows whatever the page does not.
  const head = formatEventId({ epoch: history.epoch, seq: history.head });
  const page = history.page({ ...query, filter: filter["topic"] ? filter : { ...filter, topic: [KRATEO_TOPIC] } });
  const headers = { ...corsHeaders(c.req.raw, origins), "Cache-Control": "no-store", "Last-Event-ID": head };
  if (page.entries.length === 0 && options.emptyIs204) return new Response(null, { status: 204, headers });
  const next = page.next === undefined ? {} : { Link: nextLink(url, cursorText(history.epoch, page.next)) };
  const body = `[${page.entries.map(itemOf).join(",")}]\n`;
  return new Response(body, { headers: { ...headers, ...next, "Content-Type": "application/json" } });
}

/** A Kubernetes Event as it came; a custom event with its envelope. */
function itemOf(entry: StreamEntry): string {
  if (entry.message.source === "kubernetes") return dataOf(entry);
  const { labels, names, time } = entry.message;
  const [channel] = labels["topic"] ?? [];
  return JSON.stringify({ channel, type: names[0], time: new Date(time).toISOString(), data: dataOf(entry) });
}

function nextLink(url: URL, cursor: string): string {
  const query = new URLSearchParams(url.search);
  query.set("cursor", cursor);
  query.delete("ticket");
  return `<${url.pathname}?${query}>; rel="next"`;
}

function health(c: AppContext, options: AppOptions): Response {
  const isHealthy = options.history.problem() === undefined;
  return isHealthy ? c.json({ name: "eventsse" }) : new Response(null, { status: 503 });
}

function ready(c: AppContext, options: AppOptions): Response {
  const problem = options.history.problem();
  const lines = [
    options.stream.accepting() ? "[+] accepting ok" : "[-] accepting: shutting down",
    problem === undefined ? "[+] history ok" : `[-] history: ${problem}`,
  ];
  const isReady = problem === undefined && options.stream.accepting();
  return c.text([...lines, ""].join("\n"), isReady ? 200 : 503);
}

function allowOf(methods: Methods): string {
  const names = Object.keys(methods);
  return [...names, ...(names.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
}

function preflight(c: AppContext, methods: Methods, { origins }: AppOptions): Record<string, string> {
  return { ...preflightHeaders(c.req.raw, origins), "Allow": allowOf(methods) };
}

function wrongMethod(c: AppContext, methods: Methods): Problem {
  const allow = allowOf(methods);
  const text = `${c.req.method} is not possible on ${c.req.path}: use ${allow}`;
  return new Problem(405, text, { headers: { Allow: allow } });
}

function refused(request: Request, error: unknown, options: AppOptions): Response {
  const cors = corsHeaders(request, options.origins);
  if (error instanceof EmptyBody && options.emptyIs204) return new Response(null, { status: 204, headers: cors });
  const problem = error instanceof Problem ? error : new Problem(500, "The request failed on this side: see the log");
  if (problem !== error) options.onError(error);
  const response = problem.toResponse();
  for (const [name, value] of Object.entries(cors)) response.headers.set(name, value);
  return response;
}
