import assert from "node:assert/strict";
import { pod, PODS, settle } from "./_testing.ts";
import { createClient } from "./client.ts";
import { reflect } from "./store.ts";
import type { KubeTransport } from "./transport.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The request options of a client in the field: more than ours, and everything of ours. */
interface ForeignOptions {
  method: "GET" | "POST" | "DELETE" | "PUT" | "PATCH" | "OPTIONS" | "HEAD";
  path: string;
  querystring?: URLSearchParams;
  abortSignal?: AbortSignal;
  contentType?: string;
  bodyRaw?: Uint8Array;
  bodyJson?: Json;
  bodyStream?: ReadableStream<Uint8Array>;
  accept?: string;
  expectTunnel?: string[];
  expectStream?: boolean;
  expectJson?: boolean;
}

/** The public contract of `RestClient` in `@cloudydeno/kubernetes-client` 0.8: one method, many overloads. */
interface ForeignRestClient {
  performRequest(options: ForeignOptions & { expectTunnel: string[] }): Promise<{ readonly subProtocol: string }>;
  performRequest(options: ForeignOptions & { expectStream: true; expectJson: true }): Promise<ReadableStream<Json>>;
  performRequest(options: ForeignOptions & { expectStream: true }): Promise<ReadableStream<Uint8Array>>;
  performRequest(options: ForeignOptions & { expectJson: true }): Promise<Json>;
  performRequest(options: ForeignOptions): Promise<Uint8Array>;
  defaultNamespace?: string;
  close?(): void;
}

/** What such a client does with a server that has one pod, and then another. */
function foreignClient(): ForeignRestClient {
  const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value) + "\n");
  const answer = (options: ForeignOptions): Promise<never> => {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(encode({ type: "ADDED", object: pod("b", "6") }));
        options.abortSignal?.addEventListener("abort", () => controller.error(options.abortSignal?.reason));
      },
    });
    const list = encode({
      kind: "PodList",
      apiVersion: "v1",
      metadata: { resourceVersion: "5" },
      items: [pod("a", "1")],
    });
    // One body for five overloads: only the caller knows which it asked for.
    return Promise.resolve((options.expectStream ? stream : list) as never);
  };
  return { performRequest: answer };
}

Deno.test("a foreign RestClient is a KubeTransport: its list and its watch feed a store", async () => {
  const transport: KubeTransport = foreignClient();
  const store = reflect(createClient(transport).watch(PODS));
  const held = store.changes$.subscribe();
  await settle();
  assert.deepEqual([...store.keys()], ["demo/a", "demo/b"]);
  held.unsubscribe();
  await settle();
});
