import assert from "node:assert/strict";
import { contextOf, KubeconfigError, mergeKubeconfigs, parseKubeconfig } from "./kubeconfig.ts";

const base = {
  "current-context": "c",
  contexts: [{ name: "c", context: { cluster: "k", user: "u", namespace: "demo" } }],
  clusters: [{ name: "k", cluster: { server: "https://127.0.0.1:6443" } }],
  users: [{ name: "u", user: {} }],
};

function context(overrides: Record<string, unknown> = {}, name?: string) {
  return contextOf(parseKubeconfig(JSON.stringify({ ...base, ...overrides }), "/etc/kube/config"), name);
}
const cluster = (fields: Record<string, unknown>) =>
  context({ clusters: [{ name: "k", cluster: { server: "https://127.0.0.1:6443", ...fields } }] }).cluster;
const user = (fields: Record<string, unknown>) => context({ users: [{ name: "u", user: fields }] }).user;

const users: { name: string; fields: Record<string, unknown>; expected: unknown }[] = [
  { name: "a token", fields: { token: "t" }, expected: { token: "t" } },
  { name: "a relative token file", fields: { tokenFile: "t" }, expected: { tokenFile: "/etc/kube/t" } },
  { name: "basic credentials", fields: { username: "u", password: "p" }, expected: { username: "u", password: "p" } },
  {
    name: "a certificate by data and file, the data winning",
    fields: { "client-certificate-data": btoa("CERT"), "client-certificate": "x", "client-key": "/k/key.pem" },
    expected: { clientCertificate: { data: "CERT" }, clientKey: { file: "/k/key.pem" } },
  },
  {
    name: "an exec plugin next to the file",
    fields: {
      exec: {
        apiVersion: "client.authentication.k8s.io/v1",
        command: "./bin/login",
        args: ["-x"],
        env: [{ name: "A", value: "1" }],
        interactiveMode: "IfAvailable",
      },
    },
    expected: {
      exec: {
        apiVersion: "client.authentication.k8s.io/v1",
        command: "/etc/kube/bin/login",
        args: ["-x"],
        env: { A: "1" },
        provideClusterInfo: false,
      },
    },
  },
  {
    name: "impersonation",
    fields: { token: "t", as: "jane", "as-groups": ["g"] },
    expected: { token: "t", impersonate: { user: "jane", groups: ["g"] } },
  },
];
for (const { name, fields, expected } of users) {
  Deno.test(`contextOf() reads a user with ${name}`, () => assert.deepEqual(user(fields), expected));
}

Deno.test("contextOf() reads a cluster, keeping the path prefix of its server", () => {
  const fields = {
    server: "https://rancher.example/k8s/clusters/c-1/",
    "certificate-authority": "ca.pem",
    "tls-server-name": "api",
    "proxy-url": "socks5://127.0.0.1:1080",
  };
  assert.deepEqual(cluster(fields), {
    server: "https://rancher.example/k8s/clusters/c-1",
    certificateAuthority: { file: "/etc/kube/ca.pem" },
    tlsServerName: "api",
    proxyUrl: "socks5://127.0.0.1:1080",
  });
});

Deno.test("contextOf() takes the current context, or the one asked for", () => {
  assert.equal(context().namespace, "demo");
  assert.equal(context({ "current-context": undefined }, "c").name, "c");
});

const wrong: { name: string; run: () => unknown; key: string; message: RegExp }[] = [
  { name: "no YAML", run: () => parseKubeconfig("a: [", "/etc/kube/config"), key: "", message: /expected YAML/ },
  { name: "a list", run: () => parseKubeconfig("[]", "/etc/kube/config"), key: "", message: /expected a mapping/ },
  { name: "another kind", run: () => context({ kind: "Pod" }), key: "kind", message: /expected "Config"/ },
  {
    name: "no current context",
    run: () => context({ "current-context": "" }),
    key: "current-context",
    message: /name of a context/,
  },
  {
    name: "an unknown context",
    run: () => context({}, "x"),
    key: "contexts",
    message: /a context "x" \(there is "c"\)/,
  },
  {
    name: "an unknown cluster",
    run: () => context({ clusters: [] }),
    key: "contexts[0].context.cluster",
    message: /entry of clusters/,
  },
  {
    name: "an unknown user",
    run: () => context({ users: [] }),
    key: "contexts[0].context.user",
    message: /entry of users/,
  },
  {
    name: "a server that is no URL",
    run: () => cluster({ server: "127.0.0.1" }),
    key: "clusters[0].cluster.server",
    message: /http or https URL/,
  },
  {
    name: "a flag that is no flag",
    run: () => cluster({ "insecure-skip-tls-verify": "yes" }),
    key: "clusters[0].cluster.insecure-skip-tls-verify",
    message: /true or false/,
  },
  {
    name: "data that is not base64",
    run: () => cluster({ "certificate-authority-data": "%" }),
    key: "clusters[0].cluster.certificate-authority-data",
    message: /base64/,
  },
  { name: "a token that is a number", run: () => user({ token: 12 }), key: "users[0].user.token", message: /a string/ },
  {
    name: "a certificate without key",
    run: () => user({ "client-certificate": "x" }),
    key: "users[0].user.client-key",
    message: /key of client-certificate/,
  },
  {
    name: "an auth provider",
    run: () => user({ "auth-provider": { name: "gcp" } }),
    key: "users[0].user.auth-provider",
    message: /use exec/,
  },
  {
    name: "an old exec API",
    run: () => user({ exec: { apiVersion: "client.authentication.k8s.io/v1alpha1", command: "x" } }),
    key: "users[0].user.exec.apiVersion",
    message: /v1beta1/,
  },
  {
    name: "a plugin that must ask a person",
    run: () =>
      user({ exec: { apiVersion: "client.authentication.k8s.io/v1", command: "x", interactiveMode: "Always" } }),
    key: "users[0].user.exec.interactiveMode",
    message: /Never or IfAvailable/,
  },
];
for (const { name, run, key, message } of wrong) {
  Deno.test(`a kubeconfig with ${name} is refused with file, key and what was expected`, () => {
    assert.throws(run, (error) => {
      assert.ok(error instanceof KubeconfigError);
      assert.deepEqual([error.file, error.key], ["/etc/kube/config", key]);
      assert.match(error.message, /^Cannot use kubeconfig "\/etc\/kube\/config"/);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("mergeKubeconfigs() lets the first file win, and resolves paths by the file they came from", () => {
  const first = parseKubeconfig(
    JSON.stringify({ contexts: [{ name: "c", context: { cluster: "k", user: "u", namespace: "one" } }] }),
    "/one/config",
  );
  const second = parseKubeconfig(
    JSON.stringify({
      ...base,
      contexts: [{ name: "c", context: { cluster: "k", user: "u", namespace: "two" } }],
      users: [{ name: "u", user: { tokenFile: "token" } }],
    }),
    "/two/config",
  );
  const { namespace, user } = contextOf(mergeKubeconfigs([first, second]));
  assert.deepEqual([namespace, user.tokenFile], ["one", "/two/token"]);
});
