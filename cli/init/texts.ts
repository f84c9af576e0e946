/** The texts of a new operator; `__KIND__` and the like are filled in. */

/** `operator.ts` */
export const OPERATOR = `/** __KIND__: items of a JSON API, as Kubernetes objects. */
import { defineOperator, restApi, secretRef, Type } from "kco";

export const operator = defineOperator({
  group: "__GROUP__",
  version: "v1alpha1",
  kind: "__KIND__",
  scope: "Namespaced",
  // The CRD, the types below and the API server's validation all come from this.
  spec: Type.Object({
    url: Type.String({ description: "Base URL of the API" }),
    title: Type.String({ description: "What the item is called" }),
    credentials: Type.Optional(secretRef),
  }),
  status: Type.Object({ title: Type.String() }),
  immutable: ["url"],
  // An object is looked at again as soon as a Secret that it names changes.
  secretRefs: ({ credentials }) => [credentials],
  // Items are found by the object's name: a creation that was interrupted can simply be repeated.
  deterministicName: true,

  connect: async ({ spec, secret, signal }) => {
    const headers = spec.credentials && { Authorization: \`Bearer \${await secret(spec.credentials)}\` };
    return restApi({ url: spec.url, signal, ...(headers && { headers }) });
  },
  observe: async ({ object, spec }, api) => {
    const item = await api.get<{ title: string }>(\`/\${object.metadata.name}\`);
    if (item === undefined) return { exists: false };
    const diff = \`title is "\${item.title}", not "\${spec.title}"\`;
    return { exists: true, upToDate: item.title === spec.title, diff, status: { title: item.title } };
  },
  create: async ({ object, spec }, api) => {
    await api.send("PUT", \`/\${object.metadata.name}\`, { title: spec.title });
  },
  update: async ({ object, spec }, api) => {
    await api.send("PUT", \`/\${object.metadata.name}\`, { title: spec.title });
  },
  delete: async ({ object }, api) => {
    await api.send("DELETE", \`/\${object.metadata.name}\`);
  },
});

if (import.meta.main) await operator.run();
`;

/** `operator_test.ts` */
export const OPERATOR_TEST = `/** The operator against an embedded Kubernetes API server and a small JSON API. */
import assert from "node:assert/strict";
import { apiserver, createClient, type KubeObject, startManager } from "kco";
import { operator } from "./operator.ts";

const crds = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};
const resource = { group: "__GROUP__", version: "v1alpha1", kind: "__KIND__", plural: "__PLURAL__", namespaced: true };

Deno.test("a __KIND__ is created, updated and deleted", async () => {
  const items = new Map<string, unknown>();
  const api = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method === "PUT") items.set(pathname, await request.json());
    else if (!items.has(pathname)) return new Response(null, { status: 404 });
    const answer = Response.json(items.get(pathname));
    if (request.method === "DELETE") items.delete(pathname);
    return answer;
  });
  const server = await apiserver.startApiServer();
  const client = createClient(server.transport);
  await client.create(crds, operator.crd());
  const manager = startManager({ controllers: [operator.controller(client)] });
  try {
    await client.create<KubeObject>(resource, {
      apiVersion: "__GROUP__/v1alpha1",
      kind: "__KIND__",
      metadata: { name: "first", namespace: "default" },
      spec: { url: \`http://127.0.0.1:\${api.addr.port}\`, title: "one" },
    });
    await until(() => title(items) === "one");

    await client.patch(resource, "first", "default", "merge", { spec: { title: "two" } });
    await until(() => title(items) === "two");

    await client.delete(resource, "first", "default");
    await until(async () => await client.find(resource, "first", "default") === undefined);
    assert.equal(items.size, 0);
  } finally {
    await manager.stop();
    await server.close();
    await api.shutdown();
  }
});

function title(items: ReadonlyMap<string, unknown>): unknown {
  const item = items.get("/first");
  return typeof item === "object" && item !== null && "title" in item ? item.title : undefined;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!await condition()) {
    assert.ok(Date.now() < deadline, "not in time");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
`;

/** `Dockerfile` */
export const DOCKERFILE = `# Bundle first, then build:
#
#     deno task build && docker build -t __OPERATOR__ .
FROM denoland/deno:bin-2.9.6 AS deno

# No shell, no package manager, not root.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=deno /deno /bin/deno
COPY dist/operator.js /app/operator.js
USER 65532:65532
ENV DENO_NO_UPDATE_CHECK=1 DENO_DIR=/tmp/deno
ENTRYPOINT ["/bin/deno", "run", "--no-prompt", "--no-remote", "--no-npm", "--no-config", "--allow-net", "--allow-env", \\
  "--allow-sys=hostname", "--allow-read=/app,/var/run/secrets", "--ignore-read", "/app/operator.js"]
`;
