import assert from "node:assert/strict";
import {
  failure,
  hang,
  json,
  list,
  NODES,
  pod,
  PODS,
  ScriptedTransport,
  settle,
  type Step,
  text,
  VirtualClock,
} from "./_testing.ts";
import { createClient } from "./client.ts";
import type { KubeClient } from "./client_types.ts";
import { KubeError } from "./errors.ts";
import type { KubeRequest, KubeTransport } from "./transport.ts";
import type { KubeObject } from "./types.ts";

function run(...steps: Step[]) {
  const clock = new VirtualClock();
  const transport = new ScriptedTransport(...steps);
  const warnings: string[] = [];
  return {
    clock,
    transport,
    warnings,
    client: createClient(transport, { clock, onWarning: (text) => warnings.push(text) }),
  };
}

/** Lets virtual time pass until the call is settled. */
async function settled<T>(call: Promise<T>, clock: VirtualClock, ms = 60_000): Promise<T | KubeError> {
  const outcome = call.catch((error: unknown) => {
    assert.ok(error instanceof KubeError, String(error));
    return error;
  });
  await clock.advance(ms);
  return await outcome;
}

const writes: { name: string; call: (client: KubeClient) => Promise<unknown>; log: string; contentType: string }[] = [
  {
    name: "create",
    call: (client) => client.create(PODS, pod("a", "1")),
    log: "POST /api/v1/namespaces/demo/pods?fieldManager=kco&fieldValidation=Strict",
    contentType: "application/json",
  },
  {
    name: "replace of the status",
    call: (client) => client.replace(PODS, pod("a", "1"), { subresource: "status", fieldManager: "me" }),
    log: "PUT /api/v1/namespaces/demo/pods/a/status?fieldManager=me&fieldValidation=Strict",
    contentType: "application/json",
  },
  {
    name: "apply",
    call: (client) => client.apply(PODS, pod("a", "1"), { force: true, dryRun: true }),
    log: "PATCH /api/v1/namespaces/demo/pods/a?fieldManager=kco&fieldValidation=Strict&dryRun=All&force=true",
    contentType: "application/apply-patch+yaml",
  },
  {
    name: "merge patch of a cluster-scoped object",
    call: (client) => client.patch(NODES, "n", undefined, "merge", {}),
    log: "PATCH /api/v1/nodes/n?fieldManager=kco&fieldValidation=Strict",
    contentType: "application/merge-patch+json",
  },
  {
    name: "delete",
    call: (client) => client.delete(PODS, "a", "demo", { propagationPolicy: "Foreground" }),
    log: "DELETE /api/v1/namespaces/demo/pods/a",
    contentType: "application/json",
  },
];
for (const { name, call, log, contentType } of writes) {
  Deno.test(`KubeClient sends a ${name} as Kubernetes expects it`, async () => {
    const { client, transport } = run(json(pod("a", "2")));
    await call(client);
    assert.deepEqual(transport.log, [log]);
    assert.equal(transport.requests[0]?.contentType, contentType);
  });
}

Deno.test("KubeClient.list() reads all pages and gives each item its kind", async () => {
  const bare = (name: string): KubeObject => JSON.parse(`{"metadata":{"name":"${name}"}}`);
  const { client, transport } = run(list([bare("a")], "5", "more"), list([bare("b")], "5"));
  const { items } = await client.list(PODS, { labelSelector: "app=web" });
  assert.deepEqual(items.map((item) => `${item.apiVersion} ${item.kind} ${item.metadata.name}`), [
    "v1 Pod a",
    "v1 Pod b",
  ]);
  assert.match(transport.log[1] ?? "", /labelSelector=app%3Dweb&limit=500&continue=more/);
});

Deno.test("KubeClient.list() starts again without pages when its continue token expired", async () => {
  const { client, transport } = run(
    list([pod("a", "1")], "5", "old"),
    failure(410, "Expired"),
    list([pod("b", "1")], "9"),
  );
  const { items } = await client.list(PODS);
  assert.deepEqual(items.map((item) => item.metadata.name), ["b"]);
  assert.equal(transport.log[2], "GET /api/v1/pods");
});

Deno.test("KubeClient.find() and delete() take 404 for an answer", async () => {
  const { client } = run(failure(404, "NotFound"), failure(404, "NotFound"));
  assert.equal(await client.find(PODS, "a", "demo"), undefined);
  assert.equal(await client.delete(PODS, "a", "demo"), false);
});

Deno.test("KubeClient tells verb, resource, object and namespace in its errors, and keeps the causes", async () => {
  const status = {
    kind: "Status",
    status: "Failure",
    reason: "Invalid",
    code: 422,
    message: "Pod is invalid",
    details: { causes: [{ reason: "FieldValueInvalid", field: "spec.x", message: "must be y" }] },
  };
  const { client } = run(json(status, 422));
  await assert.rejects(client.apply(PODS, pod("a", "1")), (error) => {
    assert.ok(error instanceof KubeError);
    assert.equal(error.message, 'Cannot apply pods "a" in namespace "demo": 422 Invalid: Pod is invalid');
    assert.deepEqual([error.code, error.reason, error.causes[0]?.field], [422, "Invalid", "spec.x"]);
    return true;
  });
});

const retried: { name: string; failure: Step; call: (client: KubeClient) => Promise<unknown>; tries: number }[] = [
  {
    name: "get after 503",
    failure: failure(503, "ServiceUnavailable"),
    call: (c) => c.get(PODS, "a", "demo"),
    tries: 2,
  },
  {
    name: "apply after 500",
    failure: failure(500, "InternalError"),
    call: (c) => c.apply(PODS, pod("a", "1")),
    tries: 2,
  },
  {
    name: "create after 429",
    failure: failure(429, "TooManyRequests"),
    call: (c) => c.create(PODS, pod("a", "1")),
    tries: 2,
  },
  {
    name: "create after 500",
    failure: failure(500, "InternalError"),
    call: (c) => c.create(PODS, pod("a", "1")),
    tries: 1,
  },
  {
    name: "JSON patch after 500",
    failure: failure(500, "InternalError"),
    call: (c) => c.patch(PODS, "a", "demo", "json", []),
    tries: 1,
  },
  {
    name: "replace after 409",
    failure: failure(409, "Conflict"),
    call: (c) => c.replace(PODS, pod("a", "1")),
    tries: 1,
  },
  { name: "get after 501", failure: failure(501, "NotImplemented"), call: (c) => c.get(PODS, "a", "demo"), tries: 1 },
  {
    name: "get after a broken connection",
    failure: () => Promise.reject(new TypeError("reset")),
    call: (c) => c.get(PODS, "a", "demo"),
    tries: 2,
  },
];
for (const { name, failure, call, tries } of retried) {
  Deno.test(`KubeClient ${tries > 1 ? "repeats" : "does not repeat"} a ${name}`, async () => {
    const { client, clock, transport } = run(failure, json(pod("a", "2")));
    await settled(call(client), clock);
    assert.equal(transport.requests.length, tries);
  });
}

Deno.test("KubeClient waits as long as Retry-After says, and gives up after its tries", async () => {
  const busy = failure(429, "TooManyRequests", { "Retry-After": "3" });
  const { client, clock, transport } = run(busy, busy, busy, busy, busy, busy);
  const call = client.get(PODS, "a", "demo");
  await clock.advance(2_999);
  assert.equal(transport.requests.length, 1);
  const error = await settled(call, clock);
  assert.ok(error instanceof KubeError);
  assert.deepEqual([transport.requests.length, error.reason, error.retryAfter], [5, "TooManyRequests", 3_000]);
});

Deno.test("KubeClient gives a call up at its deadline, retries included", async () => {
  const { client, clock } = run(hang);
  const error = await settled(client.get(PODS, "a", "demo"), clock);
  assert.ok(error instanceof KubeError);
  assert.equal(error.message, 'Cannot get pods "a" in namespace "demo": no answer within 30000 ms');
});

Deno.test("KubeClient ends a call whose signal aborts, with what the signal says as the cause", async () => {
  const { client } = run(hang);
  const stop = new AbortController();
  const call = client.get(PODS, "a", "demo", { signal: stop.signal });
  stop.abort("enough");
  await assert.rejects(
    call,
    (error) => error instanceof KubeError && error.reason === "Aborted" && error.cause === "enough",
  );
});

Deno.test("KubeClient refuses answers that are no JSON", async () => {
  const { client } = run(text("<html>login</html>", 200));
  await assert.rejects(client.get(PODS, "a", "demo"), /Malformed|not JSON: <html>login/);
});

Deno.test("KubeClient tells each warning once", async () => {
  const headers = { Warning: '299 - "unknown field \\"x\\"", 299 - "v1beta1 is deprecated"' };
  const { client, warnings } = run(json(pod("a", "1"), 200, headers), json(pod("a", "1"), 200, headers));
  await client.get(PODS, "a", "demo");
  await client.get(PODS, "a", "demo");
  assert.deepEqual(warnings, ['unknown field "x"', "v1beta1 is deprecated"]);
});

Deno.test("KubeClient.as() impersonates, and refuses to on a transport that cannot carry headers", async () => {
  const { client, transport } = run(json(pod("a", "1")));
  await client.as("system:serviceaccount:demo:web", ["g1", "g2"]).get(PODS, "a", "demo");
  assert.deepEqual(transport.headers[0], {
    "Impersonate-User": "system:serviceaccount:demo:web",
    "Impersonate-Group": "g1\ng2",
  });
  const foreign = createClient(new ForeignTransport(() => Promise.resolve(new Uint8Array())));
  await assert.rejects(foreign.as("jane").get(PODS, "a", "demo"), /impersonation needs a transport/);
});

/** A transport with the byte-level call alone. */
class ForeignTransport implements KubeTransport {
  readonly #answer: () => Promise<Uint8Array>;

  constructor(answer: () => Promise<Uint8Array>) {
    this.#answer = answer;
  }

  performRequest(request: KubeRequest & { expectStream: true }): Promise<ReadableStream<Uint8Array>>;
  performRequest(request: KubeRequest): Promise<Uint8Array>;
  async performRequest(
    request: KubeRequest & { expectStream?: boolean },
  ): Promise<Uint8Array | ReadableStream<Uint8Array>> {
    const bytes = await this.#answer();
    return request.expectStream ? new Blob([bytes.slice()]).stream() : bytes;
  }
}

const foreign: { name: string; answer: () => Promise<Uint8Array>; code: number; reason: string }[] = [
  {
    name: "hands back as a success",
    answer: () => Promise.resolve(encode({ kind: "Status", status: "Failure", code: 404, reason: "NotFound" })),
    code: 404,
    reason: "NotFound",
  },
  {
    name: "throws with the Status",
    answer: () =>
      Promise.reject(
        Object.assign(new Error("x"), {
          httpCode: 409,
          status: { kind: "Status", status: "Failure", reason: "AlreadyExists" },
        }),
      ),
    code: 409,
    reason: "AlreadyExists",
  },
  {
    name: "throws with the HTTP code alone",
    answer: () => Promise.reject(Object.assign(new Error("denied"), { httpCode: 403 })),
    code: 403,
    reason: "Forbidden",
  },
];
for (const { name, answer, code, reason } of foreign) {
  Deno.test(`KubeClient recognises the error that a foreign transport ${name}`, async () => {
    const client = createClient(new ForeignTransport(answer));
    await assert.rejects(client.get(PODS, "a", "demo"), (error) => {
      assert.ok(error instanceof KubeError);
      assert.deepEqual([error.code, error.reason], [code, reason]);
      return true;
    });
  });
}

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

Deno.test("KubeClient.close() closes the transport", async () => {
  const { client, transport } = run();
  client.close();
  await settle();
  assert.equal(transport.closed, true);
});
