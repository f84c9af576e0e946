/** What a router stands between: an API server that tells of Events at a rate, and destinations that take the time. */
import { startApiServer } from "../../lib/apiserver/mod.ts";
import type { KubeTransport } from "../../lib/kube/mod.ts";

/** Events after which one is about an object that none was about before. */
const PER_OBJECT = 20;
/** ms between two writes on the watch. */
const TICK = 10;

/**
 * An API server on loopback, over plain HTTP. Events come from a counter, so that feeding them costs little; everything else, such as
 * Registrations, is the embedded server's.
 */
export class EventFeed implements AsyncDisposable {
  /** Events told. */
  told = 0;
  readonly #rest: { readonly transport: KubeTransport; close(): Promise<void> };
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #watches = new Set<ReadableStreamDefaultController<Uint8Array>>();
  readonly #encoder = new TextEncoder();

  private constructor(rest: { readonly transport: KubeTransport; close(): Promise<void> }) {
    this.#rest = rest;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  static async open(): Promise<EventFeed> {
    return new EventFeed(await startApiServer());
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  get transport(): KubeTransport {
    return this.#rest.transport;
  }

  /** Whether somebody watches Events. */
  get watched(): boolean {
    return this.#watches.size > 0;
  }

  /** Tells of Events at a rate for so many ms. */
  async run(perSecond: number, ms: number): Promise<void> {
    const began = performance.now();
    const first = this.told;
    for (let passed = 0; passed < ms; passed = performance.now() - began) {
      const due = first + Math.floor(Math.min(passed, ms) / 1_000 * perSecond);
      let lines = "";
      for (; this.told < due; this.told++) lines += eventLine(this.told);
      if (lines !== "") { for (const watch of this.#watches) watch.enqueue(this.#encoder.encode(lines)); }
      await new Promise((resolve) => setTimeout(resolve, TICK));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const watch of this.#watches) watch.close();
    await this.#server.shutdown();
    await this.#rest.close();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/api/v1/events") {
      return searchParams.get("watch") === "true" ? this.#watch() : json({
        kind: "EventList",
        apiVersion: "v1",
        metadata: { resourceVersion: String(this.told + 1) },
        items: [],
      });
    }
    const pod = /^\/api\/v1\/namespaces\/demo\/pods\/(.+)$/.exec(pathname)?.[1];
    if (pod !== undefined) return json(podMetadata(pod));
    const bodyRaw = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
    const response = await this.#rest.transport.request?.({
      // The seam where a string of HTTP becomes one of the verbs that the transport has.
      method: request.method as "GET",
      path: pathname,
      querystring: searchParams,
      accept: request.headers.get("accept") ?? "application/json",
      abortSignal: request.signal,
      ...(bodyRaw && { bodyRaw, contentType: request.headers.get("content-type") ?? "" }),
    });
    const headers = { "content-type": response?.headers.get("content-type") ?? "application/json" };
    return new Response(response?.body ?? null, { status: response?.status ?? 500, headers });
  }

  #watch(): Response {
    let mine: ReadableStreamDefaultController<Uint8Array>;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => void this.#watches.add(mine = controller),
      cancel: () => void this.#watches.delete(mine),
    });
    return new Response(stream, { headers: { "content-type": "application/json" } });
  }
}

function json(value: unknown): Response {
  return Response.json(value);
}

function podMetadata(name: string): unknown {
  const labels = { app: "web", "krateo.io/composition-id": `composition-${name}` };
  const metadata = { name, namespace: "demo", uid: name, resourceVersion: "1", labels };
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata };
}

const FIELDS =
  '[{"manager":"kubelet","operation":"Update","apiVersion":"v1","time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:count":{},"f:firstTimestamp":{},"f:involvedObject":{},"f:lastTimestamp":{},"f:message":{},"f:reason":{},"f:reportingComponent":{},"f:reportingInstance":{},"f:source":{"f:component":{},"f:host":{}},"f:type":{}}}]';

/** One line of a watch, 1.2 KB, as a kubelet's Event looks. Its message begins with the time, `t=<ms>`. */
function eventLine(n: number): string {
  const pod = `web-${Math.floor(n / PER_OBJECT)}`;
  const now = new Date().toISOString().slice(0, 19) + "Z";
  return `{"type":"ADDED","object":{"kind":"Event","apiVersion":"v1","metadata":{"name":"${pod}.${n}","namespace":"demo","uid":"00000000-0000-4000-8000-${
    String(n).padStart(12, "0")
  }","resourceVersion":"${
    n + 2
  }","creationTimestamp":"${now}","managedFields":${FIELDS}},"involvedObject":{"kind":"Pod","namespace":"demo","name":"${pod}","uid":"${pod}","apiVersion":"v1","resourceVersion":"1","fieldPath":"spec.containers{web}"},"reason":"Pulled","message":"t=${
    performance.now().toFixed(1)
  }; Container image registry.example.org/team/web:1.2.3 already present on machine and can be accessed by the pod","source":{"component":"kubelet","host":"node-1"},"firstTimestamp":"${now}","lastTimestamp":"${now}","count":1,"type":"Normal","eventTime":null,"reportingComponent":"kubelet","reportingInstance":"node-1"}}\n`;
}

/** A destination that takes the time from an Event's being told to its arrival. */
export class TimedReceiver implements AsyncDisposable {
  /** ms, of each Event. */
  latencies: number[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** @param delay ms before it answers. */
  constructor(delay = 0) {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
      const text = await request.text();
      const now = performance.now();
      for (let at = text.indexOf('"t='); at >= 0; at = text.indexOf('"t=', at + 3)) {
        this.latencies.push(now - parseFloat(text.slice(at + 3, at + 16)));
      }
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
      return new Response();
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
