/** Scenes that the tests of sinks share. */
import assert from "node:assert/strict";
import { type CoreEvent, type Delivery, type SecretRef, type SinkContext, SinkError } from "./types.ts";

/** What a test's HTTP server was asked. */
export interface Seen {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
  /** The client's port: the same for requests on one connection. */
  readonly port: number;
}

/** Runs `test` against an HTTP server on loopback that answers as told and remembers what it was asked. */
export async function withServer(
  answer: (request: Seen, index: number) => Response | Promise<Response>,
  test: (url: string, seen: Seen[]) => Promise<void>,
  tls?: { readonly cert: string; readonly key: string },
): Promise<void> {
  const seen: Seen[] = [];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {}, ...tls },
    async (request, { remoteAddr }) => {
      const { pathname, search } = new URL(request.url);
      const asked: Seen = {
        method: request.method,
        path: pathname + search,
        headers: new Headers(request.headers),
        body: await request.text(),
        port: remoteAddr.transport === "tcp" ? remoteAddr.port : 0,
      };
      return await answer(asked, seen.push(asked) - 1);
    },
  );
  await test(`${tls ? "https" : "http"}://127.0.0.1:${server.addr.port}`, seen);
}

/** A port of loopback on which nobody listens. */
export function closedPort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

/** A context in which Secrets are `{ "<name>/<key>": text }`. */
export function contextWith(secrets: Readonly<Record<string, string>> = {}): SinkContext {
  return {
    name: "test",
    secret({ name, key }) {
      const text = secrets[`${name}/${key}`];
      if (text !== undefined) return Promise.resolve(text);
      return Promise.reject(new SinkError("Misconfigured", `Cannot read Secret "${name}": no key "${key}"`));
    },
  };
}

/** A reference to `<key>` of Secret `auth`. */
export function ref(key: string): { readonly secretRef: SecretRef } {
  return { secretRef: { name: "auth", key } };
}

/** The {@linkcode SinkError} of an attempt; fails where there is none. */
export async function failure(attempt: Promise<unknown>): Promise<SinkError> {
  const error = await attempt.then(() => undefined, (error: unknown) => error);
  assert.ok(error instanceof SinkError, `no SinkError but ${String(error)}`);
  return error;
}

/** The n-th delivery of a test: a Warning about a Pod. */
export function delivery(n: number, event: Partial<CoreEvent> = {}, more: Partial<Delivery> = {}): Delivery {
  const time = new Date(Date.UTC(2026, 0, 2, 3, 4, 5) + n * 1_000).toISOString().replace(".000", "");
  const whole: CoreEvent = {
    apiVersion: "v1",
    kind: "Event",
    metadata: {
      name: `web.${n}`,
      namespace: "demo",
      uid: `uid-${n}`,
      resourceVersion: String(100 + n),
      creationTimestamp: time,
      labels: { "krateo.io/composition-id": "comp-1" },
    },
    involvedObject: { apiVersion: "v1", kind: "Pod", namespace: "demo", name: "web", uid: "pod-1" },
    reason: "BackOff",
    message: `message ${n}`,
    type: "Warning",
    count: n + 1,
    source: { component: "kubelet", host: "node-1" },
    firstTimestamp: time,
    lastTimestamp: time,
    eventTime: null,
    reportingComponent: "kubelet",
    reportingInstance: "node-1",
    ...event,
  };
  return {
    id: `uid-${n}/${100 + n}`,
    event: whole,
    body: whole,
    key: "pod-1",
    time,
    compositionId: "comp-1",
    ...more,
  };
}

/** Deliveries `from` to `to`, without the latter. */
export function deliveries(from: number, to: number): Delivery[] {
  return Array.from({ length: to - from }, (_, index) => delivery(from + index));
}

/** A signal for tests that do not wait for it. */
export function soon(ms = 5_000): AbortSignal {
  return AbortSignal.timeout(ms);
}
