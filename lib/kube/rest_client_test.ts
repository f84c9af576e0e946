import assert from "node:assert/strict";
import { createServer as createPlainServer } from "node:http";
import { createServer } from "node:https";
import { isKubeError, KubeError } from "./errors.ts";
import type { KubeContext, UserConfig } from "./kubeconfig.ts";
import { createRestClient, type RestClient } from "./rest_client.ts";
import { TEST_CERTIFICATE, TEST_KEY } from "./_testing_tls.ts";

/** Serves `handler` on loopback for as long as `run` takes. */
async function withServer(handler: (request: Request) => Response, run: (url: string) => Promise<void>): Promise<void> {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, handler);
  try {
    await run(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

async function withClient(server: string, user: UserConfig, run: (client: RestClient) => Promise<void>): Promise<void> {
  const context: KubeContext = { name: "test", cluster: { server }, user };
  using client = await createRestClient(context);
  await run(client);
}

const GET = { method: "GET", path: "/version" } as const;

Deno.test("RestClient keeps the path prefix, and says who it is and what it wants", async () => {
  const seen: string[] = [];
  const handler = (request: Request) => {
    const header = (name: string) => request.headers.get(name);
    seen.push(
      new URL(request.url).pathname + new URL(request.url).search,
      `${header("user-agent")}`,
      `${header("accept")}`,
    );
    return new Response("{}");
  };
  await withServer(handler, (url) =>
    withClient(`${url}/prefix`, {}, async (client) => {
      await client.performRequest({ ...GET, querystring: new URLSearchParams({ a: "1" }) });
      assert.deepEqual(seen, ["/prefix/version?a=1", "kco", "application/json"]);
    }));
});

const credentials: { name: string; user: UserConfig; header: string; expected: string }[] = [
  { name: "a token", user: { token: "t" }, header: "authorization", expected: "Bearer t" },
  {
    name: "basic credentials",
    user: { username: "ü", password: "p" },
    header: "authorization",
    expected: "Basic w7w6cA==",
  },
  {
    name: "a group to impersonate",
    user: { impersonate: { user: "jane", groups: ["g"] } },
    header: "impersonate-group",
    expected: "g",
  },
];
for (const { name, user, header, expected } of credentials) {
  Deno.test(`RestClient sends ${name}`, async () => {
    let seen: string | null = null;
    const handler = (request: Request) => {
      seen = request.headers.get(header);
      return new Response("{}");
    };
    await withServer(handler, (url) => withClient(url, user, async (client) => void await client.performRequest(GET)));
    assert.equal(seen, expected);
  });
}

Deno.test("RestClient sends each group to impersonate on a line of its own", async () => {
  let lines: string[] = [];
  const server = createPlainServer((request, response) => {
    lines = request.rawHeaders;
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const user = { impersonate: { user: "jane", groups: ["g", "h"] } };
  try {
    await withClient(`http://127.0.0.1:${address.port}`, user, async (client) => void await client.performRequest(GET));
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  const groups = lines.filter((_, index) => lines[index - 1]?.toLowerCase() === "impersonate-group");
  assert.deepEqual(groups, ["g", "h"]);
});

Deno.test("RestClient reads a token file again when the server refuses the token, once", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, "old\n");
  let requests = 0;
  const handler = (request: Request) => {
    requests++;
    return new Response("{}", { status: request.headers.get("authorization") === "Bearer new" ? 200 : 401 });
  };
  try {
    await withServer(handler, (url) =>
      withClient(url, { tokenFile: path }, async (client) => {
        await assert.rejects(client.performRequest(GET), (error) => isKubeError(error, "Unauthorized"));
        assert.equal(requests, 2);
        await Deno.writeTextFile(path, "new\n");
        await client.performRequest(GET);
        assert.equal(requests, 4);
      }));
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("RestClient tells of a token file that is not there", async () => {
  await withClient("http://127.0.0.1:9", { tokenFile: "/nowhere/token" }, async (client) => {
    await assert.rejects(client.performRequest(GET), (error) => isKubeError(error, "Credentials"));
  });
});

Deno.test("RestClient gets its token from an exec plugin, once while it is valid", async () => {
  const credential = (token: string) =>
    JSON.stringify({
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token, expirationTimestamp: "2999-01-01T00:00:00Z" },
    });
  const runs = await Deno.makeTempFile();
  const code = `Deno.writeTextFileSync(${JSON.stringify(runs)}, "x", { append: true }); console.log('${
    credential("t")
  }')`;
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: Deno.execPath(),
    args: ["eval", code],
    env: {},
    provideClusterInfo: true,
  } as const;
  const tokens: (string | null)[] = [];
  const handler = (request: Request) => {
    tokens.push(request.headers.get("authorization"));
    return new Response("{}");
  };
  try {
    await withServer(handler, (url) =>
      withClient(url, { exec }, async (client) => {
        await Promise.all([client.performRequest(GET), client.performRequest(GET)]);
        await client.performRequest(GET);
      }));
    assert.deepEqual(tokens, ["Bearer t", "Bearer t", "Bearer t"]);
    assert.equal(await Deno.readTextFile(runs), "x");
  } finally {
    await Deno.remove(runs);
  }
});

const plugins: { name: string; args: readonly string[]; command?: string; message: RegExp }[] = [
  { name: "fails", args: ["eval", "console.error('no login'); Deno.exit(3)"], message: /exited with 3: no login/ },
  { name: "prints no JSON", args: ["eval", "console.log('hi')"], message: /did not print JSON/ },
  {
    name: "prints something else",
    args: ["eval", "console.log('{}')"],
    message: /ExecCredential of client.authentication.k8s.io\/v1/,
  },
  { name: "is not there", args: [], command: "/nowhere/plugin", message: /nowhere\/plugin.*: get it from the vendor/ },
];
for (const { name, args, command, message } of plugins) {
  Deno.test(`RestClient tells of an exec plugin that ${name}`, async () => {
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: command ?? Deno.execPath(),
      args,
      env: {},
      provideClusterInfo: false,
      installHint: "get it from the vendor",
    } as const;
    await withClient("http://127.0.0.1:9", { exec }, async (client) => {
      await assert.rejects(client.performRequest(GET), (error) => {
        assert.ok(error instanceof KubeError);
        assert.match(error.message, message);
        return error.reason === "Credentials";
      });
    });
  });
}

Deno.test("RestClient.request() resolves with error answers, performRequest() rejects with them", async () => {
  const status = { kind: "Status", status: "Failure", reason: "NotFound", message: "no such thing", code: 404 };
  await withServer(() => Response.json(status, { status: 404 }), (url) =>
    withClient(url, {}, async (client) => {
      const response = await client.request(GET);
      assert.equal(response.status, 404);
      await response.body?.cancel();
      await assert.rejects(client.performRequest(GET), /^KubeError: Cannot GET \/version: 404 NotFound: no such thing/);
    }));
});

Deno.test("RestClient does nothing any more once it is closed", async () => {
  await withClient("http://127.0.0.1:9", {}, async (client) => {
    client.close();
    await assert.rejects(client.performRequest(GET), /the client is closed/);
  });
});

const tls: { name: string; cluster: Partial<KubeContext["cluster"]>; ok: boolean }[] = [
  { name: "an unknown authority", cluster: {}, ok: false },
  {
    name: "the right authority and a name of its own",
    cluster: { certificateAuthority: { data: TEST_CERTIFICATE }, tlsServerName: "kco.test" },
    ok: true,
  },
  {
    name: "the right authority and the wrong name",
    cluster: { certificateAuthority: { data: TEST_CERTIFICATE }, tlsServerName: "other.test" },
    ok: false,
  },
  {
    name: "the right authority and the address it is reached at",
    cluster: { certificateAuthority: { data: TEST_CERTIFICATE } },
    ok: false,
  },
  { name: "insecure-skip-tls-verify", cluster: { insecureSkipTlsVerify: true }, ok: true },
];
for (const { name, cluster, ok } of tls) {
  Deno.test(`RestClient ${ok ? "trusts" : "does not trust"} a server with ${name}`, async () => {
    const server = createServer({ cert: TEST_CERTIFICATE, key: TEST_KEY }, (_, response) => response.end('{"a":"é"}'));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    try {
      using client = await createRestClient({
        name: "test",
        cluster: { server: `https://127.0.0.1:${address.port}`, ...cluster },
        user: { token: "t" },
      });
      const answer = client.performRequest(GET).then((bytes) => new TextDecoder().decode(bytes));
      if (ok) assert.equal(await answer, '{"a":"é"}');
      else await assert.rejects(answer);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
}

Deno.test("createRestClient() refuses a proxy together with TLS settings that cannot go through it", async () => {
  const cluster = { server: "https://127.0.0.1:9", proxyUrl: "http://127.0.0.1:8", insecureSkipTlsVerify: true };
  await assert.rejects(
    createRestClient({ name: "c", cluster, user: {} }),
    (error) => isKubeError(error, "Unsupported"),
  );
});
