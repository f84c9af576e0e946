/** A scene for tests: an API server, a router on it, and receivers. */
import { Observable } from "../../lib/deps/rxjs.ts";
import { startApiServer } from "../../lib/apiserver/mod.ts";
import { connect, type KubeClient, type KubeObject } from "../../lib/kube/mod.ts";
import type { CoreEvent } from "../../sinks/mod.ts";
import { SINKS } from "../../sinks/mod.ts";
import { COMPOSITION_ID, eventRouter, type EventRouterOptions, forgetful, REGISTRATION_CRD } from "./mod.ts";
import { routerSettings } from "./settings.ts";

/** ms that anything may take on a busy machine. */
export const PATIENCE = 20_000;

/** Resolves once `holds` does; rejects with `what` after {@linkcode PATIENCE}. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (!await holds()) {
    if (performance.now() > deadline) throw new Error(`It never came to pass: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** One POST as it arrived. */
export interface Received {
  readonly body: CoreEvent;
  readonly text: string;
  readonly headers: Headers;
}

/** A webhook on loopback that keeps what it was sent. */
export class Receiver implements AsyncDisposable {
  readonly received: Received[] = [];
  /** Answers instead of 200; may wait. */
  answer: ((request: Received) => Response | undefined | Promise<Response | undefined>) | undefined;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
      const text = await request.text();
      const received = { body: JSON.parse(text), text, headers: request.headers };
      const answer = await this.answer?.(received);
      if (answer === undefined || answer.ok) this.received.push(received);
      return answer ?? new Response();
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/handle`;
  }

  /** Messages of what arrived. */
  get messages(): (string | undefined)[] {
    return this.received.map(({ body }) => body.message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** An embedded API server with the CRD. */
export async function openCluster(): Promise<Cluster> {
  const server = await startApiServer();
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, server.kubeconfig());
  const client = await connect({ kubeconfig: file });
  await Deno.remove(file);
  const cluster = new Cluster(client, () => server.close());
  await cluster.apply(REGISTRATION_CRD);
  await until("the CRD is served", async () => {
    client.discovery.invalidate();
    return await client.discovery.resourceFor("eventrouter.krateo.io/v1alpha1", "Registration") !== undefined;
  });
  return cluster;
}

/** A cluster, and what one does on it. */
export class Cluster implements AsyncDisposable {
  #names = 0;
  constructor(readonly client: KubeClient, private readonly end: () => Promise<void>) {}

  async apply<T extends KubeObject>(object: T): Promise<T> {
    const resource = await this.client.discovery.resourceFor(object.apiVersion, object.kind);
    if (resource === undefined) throw new Error(`No ${object.apiVersion} ${object.kind}`);
    return await this.client.apply(resource, object, { force: true, fieldManager: "test" });
  }

  /** A Registration. */
  async register(name: string, spec: Record<string, unknown>): Promise<void> {
    await this.apply({ apiVersion: "eventrouter.krateo.io/v1alpha1", kind: "Registration", metadata: { name }, spec });
  }

  /** An Event about a ConfigMap. */
  async event(message: string, more: Record<string, unknown> = {}): Promise<KubeObject> {
    const name = `event-${++this.#names}`;
    return await this.client.create(
      { group: "", version: "v1", kind: "Event", plural: "events", namespaced: true },
      {
        apiVersion: "v1",
        kind: "Event",
        metadata: { name, namespace: "default" },
        involvedObject: { apiVersion: "v1", kind: "ConfigMap", name: "config", namespace: "default" },
        reason: "Tested",
        type: "Normal",
        message,
        source: { component: "test" },
        lastTimestamp: new Date().toISOString().replace(/\.\d+/, ""),
        ...more,
      },
    );
  }

  /** Starts a router; what it returns ends it: orderly, or as a kill does. */
  route(options: Partial<EventRouterOptions> & { readonly environment?: Record<string, string> } = {}): Router {
    const environment: Record<string, string> = { EVENT_ROUTER_INTERVAL: "20ms", ...options.environment };
    const settings = routerSettings((name) => environment[name], "default", (name) => {
      throw new Error(`${name} is invalid`);
    });
    const drain = new AbortController();
    const errors: unknown[] = [];
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const router$ = new Observable((subscriber) =>
      eventRouter({
        client: this.client,
        settings,
        sinks: SINKS,
        checkpoint: forgetful,
        drain: drain.signal,
        ...options,
      }).subscribe(subscriber)
    );
    const subscription = router$.subscribe({
      error: (error) => {
        errors.push(error);
        resolve();
      },
      complete: resolve,
    });
    return {
      errors,
      async stop() {
        drain.abort();
        await ended;
      },
      kill: () => subscription.unsubscribe(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    await this.end();
  }
}

/** A router that runs. */
export interface Router {
  readonly errors: readonly unknown[];
  /** Drains it. */
  stop(): Promise<void>;
  /** Ends it without letting anything finish. */
  kill(): void;
}

export { COMPOSITION_ID };
