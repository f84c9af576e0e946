/** GitHub repositories as Kubernetes objects: `deno run -A examples/github_operator/mod.ts --install`. */
import { defineOperator, ProviderError, restApi, secretRef, Type } from "../../lib/mod.ts";

const named = (description: string) => Type.String({ minLength: 1, description });

/** The operator. */
export const repo = defineOperator({
  group: "github.krateo.io",
  version: "v1alpha1",
  kind: "Repo",
  plural: "repoes",
  scope: "Namespaced",
  categories: ["krateo", "github"],
  spec: Type.Object({
    apiUrl: Type.String({ default: "https://api.github.com", description: "Base URL of the REST API" }),
    credentials: Type.Object({
      secretRef: Type.Optional(secretRef),
      env: Type.Optional(Type.Object({ name: named("An environment variable of the operator") })),
    }, { description: "Where the token is" }),
    org: named("The organization, or the user whom the token belongs to"),
    name: named("Name of the repository"),
    private: Type.Boolean({ default: true, description: "Whether the repository is private" }),
    initialize: Type.Boolean({ default: true, description: "Whether it is created with a first commit" }),
    verbose: Type.Boolean({ default: false, description: "Whether requests are logged, without the token" }),
  }),
  status: Type.Object({ url: Type.String(), private: Type.Boolean() }),
  immutable: ["apiUrl", "org", "name"],
  columns: [{ name: "URL", path: ".status.url" }],
  secretRefs: ({ credentials }) => [credentials.secretRef],
  deterministicName: true,
  pollInterval: 120_000,

  connect: async ({ spec: { apiUrl, credentials, verbose }, secret, signal }) => {
    const { secretRef, env } = credentials;
    const token = secretRef ? await secret(secretRef) : env && Deno.env.get(env.name);
    if (!token) throw new ProviderError("Terminal", "Cannot log in: set spec.credentials.secretRef or .env");
    const headers = { Authorization: `Bearer ${token}`, Accept: "application/vnd.github+json" };
    const onAnswer = (...answer: unknown[]) => verbose && console.error(...answer);
    return restApi({ url: apiUrl, headers, signal, onAnswer });
  },
  observe: async ({ spec }, github) => {
    const seen = await github.get<{ html_url: string; private: boolean }>(`/repos/${spec.org}/${spec.name}`);
    if (seen === undefined) return { exists: false };
    return {
      exists: true,
      upToDate: seen.private === spec.private,
      diff: `private is ${seen.private}, not ${spec.private}`,
      status: { url: seen.html_url, private: seen.private },
    };
  },
  create: async ({ spec }, github) => {
    const isOrg = await github.get(`/orgs/${spec.org}`) !== undefined;
    const wish = { name: spec.name, private: spec.private, auto_init: spec.initialize };
    const created = await github.send("POST", isOrg ? `/orgs/${spec.org}/repos` : "/user/repos", wish);
    if (!created) throw new ProviderError("Terminal", `The token may not create repositories in "${spec.org}"`);
  },
  update: async ({ spec }, github) => {
    await github.send("PATCH", `/repos/${spec.org}/${spec.name}`, { private: spec.private });
  },
  delete: async ({ spec }, github) => {
    await github.send("DELETE", `/repos/${spec.org}/${spec.name}`);
  },
});

if (import.meta.main) await repo.run();
