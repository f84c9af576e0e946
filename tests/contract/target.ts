/**
 * The server that the contract suite runs against: `KCO_TEST_TARGET=embedded` (default) or `real`, whose kubeconfig is then in
 * `KCO_TEST_KUBECONFIG`.
 */
import assert from "node:assert/strict";
import { startApiServer } from "../../lib/apiserver/mod.ts";
import {
  contextOf,
  createRestClient,
  type KubeObject,
  type KubeRequest,
  type KubeTransport,
  readKubeconfig,
  type Status,
} from "../../lib/kube/mod.ts";

/** Which server the suite runs against. */
export const TARGET: string = Deno.env.get("KCO_TEST_TARGET") ?? "embedded";

/** ms until a condition that is waited for counts as never coming. */
const DEADLINE = 15_000;

/** An answer, decoded. */
export interface Reply<T = KubeObject> {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON; a `Status` for failures. */
  readonly body: T;
}

/** What a request has besides method and path. */
export interface Sending {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One line of a watch. */
export interface WatchLine {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: KubeObject & Status;
}

/** Talks to the server below every client: bytes and JSON. */
export class Api {
  readonly #transport: KubeTransport;
  readonly #watches = new Set<Watching>();
  /** A namespace of this test's own, deleted with it. */
  readonly namespace: string;

  constructor(transport: KubeTransport, namespace: string) {
    this.#transport = transport;
    this.namespace = namespace;
  }

  /** Sends a request and decodes the answer, whatever its status. */
  async send<T = KubeObject>(method: KubeRequest["method"], path: string, sending: Sending = {}): Promise<Reply<T>> {
    const response = await this.#request(method, path, sending);
    const text = response.body === null ? "" : await new Response(response.body as BodyInit).text();
    const body: unknown = text.startsWith("{") ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body: body as T };
  }

  /** Sends a request that must succeed. */
  async ok<T = KubeObject>(method: KubeRequest["method"], path: string, sending: Sending = {}): Promise<T> {
    const reply = await this.send<T>(method, path, sending);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  /** Sends a request that must fail with this code and reason; answers the Status. */
  async fails(
    code: number,
    reason: string | undefined,
    method: KubeRequest["method"],
    path: string,
    sending: Sending = {},
  ): Promise<Status> {
    const { status, body } = await this.send<Status>(method, path, sending);
    assert.equal(status, code, `${method} ${path}: ${JSON.stringify(body)}`);
    if (reason !== undefined) assert.equal(body.reason, reason, JSON.stringify(body));
    return body;
  }

  create<T = KubeObject>(path: string, body: unknown, query: Record<string, string> = {}): Promise<T> {
    return this.ok<T>("POST", path, { body, query });
  }

  get<T = KubeObject>(path: string, query: Record<string, string> = {}): Promise<T> {
    return this.ok<T>("GET", path, { query });
  }

  /** A merge patch. */
  merge<T = KubeObject>(path: string, body: unknown, query: Record<string, string> = {}): Promise<T> {
    return this.ok<T>("PATCH", path, { body, query, contentType: "application/merge-patch+json" });
  }

  /** A server-side apply. */
  apply<T = KubeObject>(
    path: string,
    body: unknown,
    manager: string,
    query: Record<string, string> = {},
  ): Promise<Reply<T>> {
    return this.send<T>("PATCH", path, {
      body,
      query: { fieldManager: manager, ...query },
      contentType: "application/apply-patch+yaml",
    });
  }

  /** Opens a watch; it is closed with the test. */
  async watch(path: string, query: Record<string, string> = {}, accept?: string): Promise<Watching> {
    const abort = new AbortController();
    const response = await this.#request(
      "GET",
      path,
      { query: { watch: "true", ...query }, ...(accept === undefined ? {} : { accept }) },
      abort.signal,
    );
    assert.equal(response.status, 200, path);
    assert.ok(response.body !== null);
    const watching = new Watching(response.body, abort);
    this.#watches.add(watching);
    return watching;
  }

  /** Repeats a GET until its answer is as wanted. */
  async until<T = KubeObject>(path: string, wanted: (reply: Reply<T>) => boolean): Promise<Reply<T>> {
    const end = Date.now() + DEADLINE;
    for (;;) {
      const reply = await this.send<T>("GET", path);
      if (wanted(reply)) return reply;
      if (Date.now() > end) {
        assert.fail(`GET ${path} never was as wanted: ${reply.status} ${JSON.stringify(reply.body)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Waits until there is nothing at a path. */
  async gone(path: string): Promise<void> {
    await this.until(path, (reply) => reply.status === 404);
  }

  async close(): Promise<void> {
    for (const watching of this.#watches) await watching.close();
  }

  #request(method: KubeRequest["method"], path: string, sending: Sending, abortSignal?: AbortSignal) {
    const { query, body, contentType, accept = "application/json", headers } = sending;
    const request = this.#transport.request?.({
      method,
      path,
      querystring: new URLSearchParams(query),
      accept,
      ...(abortSignal === undefined ? {} : { abortSignal }),
      ...(body === undefined ? {} : {
        bodyRaw: typeof body === "string"
          ? new TextEncoder().encode(body)
          : new TextEncoder().encode(JSON.stringify(body)),
        contentType: contentType ?? "application/json",
      }),
    }, headers);
    assert.ok(request !== undefined, "the suite needs a transport that shows status and headers");
    return request;
  }
}

/** An open watch. */
export class Watching {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #abort: AbortController;
  readonly #decoder = new TextDecoder();
  #buffer = "";
  #closed = false;

  constructor(body: ReadableStream<Uint8Array>, abort: AbortController) {
    this.#reader = body.getReader();
    this.#abort = abort;
  }

  /** The next line; `undefined` where the server ended the watch. */
  async next(): Promise<WatchLine | undefined> {
    for (;;) {
      const end = this.#buffer.indexOf("\n");
      if (end >= 0) {
        const line = this.#buffer.slice(0, end);
        this.#buffer = this.#buffer.slice(end + 1);
        return JSON.parse(line) as WatchLine;
      }
      const { done, value } = await withDeadline(this.#reader.read());
      if (done) return undefined;
      this.#buffer += this.#decoder.decode(value, { stream: true });
    }
  }

  /** The next lines as `TYPE name`, bookmarks left out. */
  async take(count: number): Promise<string[]> {
    const taken: string[] = [];
    while (taken.length < count) {
      const line = await this.next();
      assert.ok(line !== undefined, `the watch ended after ${JSON.stringify(taken)}`);
      if (line.type !== "BOOKMARK") taken.push(`${line.type} ${line.object.metadata?.name}`);
    }
    return taken;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#abort.abort();
    // The stream may have failed by the abort, which is what was asked for.
    await this.#reader.cancel().catch(() => undefined);
  }
}

async function withDeadline<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Nothing came for ${DEADLINE} ms`)), DEADLINE);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A name that no other test uses. */
export function unique(prefix: string): string {
  return `${prefix}-${crypto.randomUUID().slice(0, 8)}`;
}

async function open(): Promise<{ transport: KubeTransport; close: () => Promise<void> }> {
  if (TARGET === "real") {
    const path = Deno.env.get("KCO_TEST_KUBECONFIG");
    assert.ok(path !== undefined, "KCO_TEST_KUBECONFIG must name the kubeconfig of the real server");
    const client = await createRestClient(contextOf(await readKubeconfig(path)));
    return { transport: client, close: async () => client[Symbol.dispose]() };
  }
  const server = await startApiServer({ simulateWorkloads: true, simulationDelay: 10 });
  return { transport: server.transport, close: () => server.close() };
}

/** A test of the contract, in a namespace of its own. */
export function contract(name: string, body: (api: Api) => Promise<void>): void {
  Deno.test(`${TARGET} server: ${name}`, async () => {
    const { transport, close } = await open();
    const api = new Api(transport, unique("contract"));
    try {
      await api.create("/api/v1/namespaces", {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: api.namespace },
      });
      await body(api);
    } finally {
      await api.close();
      await api.send("DELETE", `/api/v1/namespaces/${api.namespace}`);
      await close();
    }
  });
}

/** The path of ConfigMaps in the test's namespace, or of one of them. */
export function configMaps({ namespace }: Api, name?: string): string {
  return `/api/v1/namespaces/${namespace}/configmaps${name === undefined ? "" : `/${name}`}`;
}

/** A ConfigMap. */
export function configMap(
  name: string,
  data: Record<string, string> = {},
  labels?: Record<string, string>,
): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...(labels === undefined ? {} : { labels }) }, data };
}
