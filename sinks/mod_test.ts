import assert from "node:assert/strict";
import { type ApiServer, startApiServer } from "../lib/apiserver/mod.ts";
import { SINKS } from "./mod.ts";

const KIND = { group: "test.kco", version: "v1", kind: "Sample", plural: "samples" };

async function post(server: ApiServer, path: string, body: unknown): Promise<{ status: number; text: string }> {
  const bodyRaw = new TextEncoder().encode(JSON.stringify(body));
  const answer = await server.transport.request?.({ method: "POST", path, bodyRaw, contentType: "application/json" });
  assert.ok(answer !== undefined);
  return { status: answer.status, text: await new Response(answer.body).text() };
}

/** A server with a kind of which `spec` has a field for each sink, as a Registration's `sink` does. */
async function withSamples(
  test: (create: (spec: unknown) => Promise<{ status: number; text: string }>) => Promise<void>,
) {
  const server = await startApiServer();
  try {
    const { group, version, kind, plural } = KIND;
    const spec = {
      type: "object",
      properties: Object.fromEntries(Object.values(SINKS).map(({ name, schema }) => [name, schema])),
    };
    const created = await post(server, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: "Cluster",
        names: { kind, plural, singular: "sample", listKind: "SampleList" },
        versions: [{
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec } } },
        }],
      },
    });
    assert.equal(created.status, 201, created.text);
    const path = `/apis/${group}/${version}/${plural}`;
    await test((spec) =>
      post(server, path, { apiVersion: `${group}/${version}`, kind, metadata: { generateName: "s-" }, spec })
    );
  } finally {
    await server.close();
  }
}

const secretRef = { name: "auth", key: "token" };
const url = "https://example.com/path?a=b";

Deno.test("SINKS has each kind under its own name, with a description of each setting", () => {
  const described = (schema: Readonly<Record<string, unknown>>, path: string): void => {
    assert.ok(typeof schema.description === "string" && schema.description.endsWith("."), `${path} is not described`);
    for (const [name, property] of Object.entries(schema.properties ?? {})) described(property, `${path}.${name}`);
  };
  for (const [name, kind] of Object.entries(SINKS)) {
    assert.equal(kind.name, name);
    described(kind.schema, name);
  }
});

Deno.test("the API server takes settings of every sink", async () => {
  const samples: Readonly<Record<string, unknown>> = {
    amqp: { host: "h", queue: { name: "q" }, routingKey: "{namespace}.events", auth: { username: "u", secretRef } },
    cloudevents: { url, mode: "batch", auth: { bearer: { secretRef } } },
    elasticsearch: { url, index: "kube-events", indexDate: "day", apiKey: { secretRef } },
    file: { path: "/var/log/events..log" },
    kafka: { brokers: ["a:9092", "b:9092"], topic: "t", sasl: { username: "u", secretRef }, tls: {} },
    loki: { url, labels: { job: "a" }, eventLabels: ["namespace", "reason"] },
    nats: { servers: ["h:4222"], stream: { name: "EVENTS", create: true, subjects: ["kube.>"] } },
    opensearch: { url, index: "kube-events" },
    otlp: { url, tls: { clientCert: { secretRef: { name: "pair" } } } },
    postgres: { host: "h", database: "d", table: "audit.kube_events", auth: { username: "u", secretRef } },
    redis: { host: "h", stream: "events-{namespace}", auth: { secretRef } },
    slack: { webhook: { secretRef } },
    sse: { url, mode: "single", auth: { basic: { username: "u", secretRef } } },
    stdout: {},
    syslog: { host: "h", transport: "tls", structuredDataId: "kubernetes@32473" },
    teams: { webhook: { secretRef } },
    webhook: { url, secretHeaders: [{ name: "X-Key", secretRef }] },
  };
  assert.deepEqual(Object.keys(samples), Object.keys(SINKS));
  await withSamples(async (create) => {
    for (const [name, settings] of Object.entries(samples)) {
      const { status, text } = await create({ [name]: settings });
      assert.equal(status, 201, `${name}: ${text}`);
    }
  });
});

Deno.test("the API server refuses settings that no sink could use, and secrets in plain fields", async () => {
  const rows: [spec: unknown, message: RegExp][] = [
    [{ webhook: { url: "https://user:pass@example.com" } }, /spec\.webhook\.url/],
    [{ webhook: { url: "ftp://example.com" } }, /spec\.webhook\.url/],
    [{ sse: {} }, /spec\.sse\.url: Required/],
    [{ loki: { url, labels: { "a-b": "c" } } }, /a label's name consists of/],
    [{ loki: { url, eventLabels: ["name"] } }, /spec\.loki\.eventLabels/],
    [{ loki: { url, eventLabels: ["kind", "kind"] } }, /spec\.loki\.eventLabels/],
    [{ file: { path: "/var/../etc/passwd" } }, /may not contain \.\./],
    [{ file: { path: "events.log" } }, /spec\.file\.path/],
    [{ elasticsearch: { url, index: "Upper" } }, /spec\.elasticsearch\.index/],
    [{ kafka: { brokers: [], topic: "t" } }, /spec\.kafka\.brokers/],
    [{ kafka: { brokers: ["h"], topic: "t" } }, /spec\.kafka\.brokers/],
    [{ nats: { servers: ["h:4222"], subject: "a.{secret}", stream: { name: "S" } } }, /spec\.nats\.subject/],
    [{ postgres: { host: "h", database: "d", table: "a;drop" } }, /spec\.postgres\.table/],
    [{ syslog: { host: "h", facility: "local8" } }, /spec\.syslog\.facility/],
    [{ otlp: { url, auth: { bearer: { secretRef }, basic: { username: "u", secretRef } } } }, /either bearer or basic/],
    [{ slack: { webhook: { secretRef }, eventsPerMessage: 0 } }, /spec\.slack\.eventsPerMessage/],
  ];
  await withSamples(async (create) => {
    for (const [spec, message] of rows) {
      const { status, text } = await create(spec);
      assert.equal(status, 422, `${JSON.stringify(spec)}: ${text}`);
      assert.match(text.replaceAll('\\"', '"'), message);
    }
  });
});

interface Graph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: { readonly specifier: string };
      readonly isDynamic?: boolean;
    }[];
  }[];
}

Deno.test("importing the sinks loads no client library: each is loaded by the sink that opens", async () => {
  const entry = new URL("./mod.ts", import.meta.url).href;
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", entry], stderr: "null" })
    .output();
  const graph: Graph = JSON.parse(new TextDecoder().decode(stdout));
  const dynamic = new Set<string>();
  const seen = new Set<string>();
  const visit = (specifier: string): void => {
    if (seen.has(specifier)) return;
    seen.add(specifier);
    const module = graph.modules.find((module) => module.specifier === specifier);
    for (const { specifier: written, code, isDynamic } of module?.dependencies ?? []) {
      if (isDynamic) dynamic.add(written.replace(/@[\d.]+$/, ""));
      else if (code !== undefined) visit(code.specifier);
    }
  };
  visit(entry);
  assert.deepEqual([...seen].filter((specifier) => specifier.startsWith("npm:")), []);
  assert.deepEqual([...dynamic].sort(), [
    ...["npm:@nats-io/jetstream", "npm:@nats-io/transport-node", "npm:amqplib", "npm:ioredis"],
    ...["npm:kafkajs", "npm:postgres"],
  ]);
});
