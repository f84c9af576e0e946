import assert from "node:assert/strict";
import { ask, post, sampleEvent, startServer } from "../server_testing.ts";

/** A connection that is written and read by hand. */
class Wire implements AsyncDisposable {
  text = "";
  readonly #conn: Deno.TcpConn;
  readonly #decoder = new TextDecoder();

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  static async open(port: number): Promise<Wire> {
    return new Wire(await Deno.connect({ port, hostname: "127.0.0.1" }));
  }

  async send(text: string): Promise<void> {
    await this.#conn.write(new TextEncoder().encode(text));
  }

  async until(pattern: RegExp): Promise<void> {
    const buffer = new Uint8Array(4_096);
    while (!pattern.test(this.text)) {
      const read = await this.#conn.read(buffer);
      assert.notEqual(read, null, `the connection ended with ${this.text}`);
      this.text += this.#decoder.decode(buffer.subarray(0, read ?? 0), { stream: true });
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#conn.close();
    return Promise.resolve();
  }
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!await condition()) assert.ok(performance.now() < deadline, "the condition never held");
}

Deno.test("a stream is served on its connection, however the request is cut", async () => {
  await using server = await startServer();
  await using wire = await Wire.open(server.port);
  for (const part of get("/notifications?topic=krateo").match(/.{1,9}/gs) ?? []) await wire.send(part);
  await wire.until(/Connection: close[^]*retry: \d+\n\n/);
  await post(`${server.url}/handle`, sampleEvent("1", ""));
  await wire.until(/"uid":"1"/);
});

Deno.test("a stream behind another request on the same connection works as well", async () => {
  await using server = await startServer();
  await using wire = await Wire.open(server.port);
  await wire.send(get("/health"));
  await wire.until(/\{"name":"eventsse"\}/);
  await wire.send(get("/notifications"));
  await wire.until(/retry: \d+\n\n/);
  await post(`${server.url}/handle`, sampleEvent("1", ""));
  await wire.until(/"uid":"1"/);
});

Deno.test("a stream between two exchanges of a connection that was kept alive is served on the connection, too", async () => {
  await using server = await startServer();
  await using wire = await Wire.open(server.port);
  const exchanges: [request: string, whole: RegExp][] = [
    [get("/health"), /\{"name":"eventsse"\}/],
    [get("/nothing"), /There is no \/nothing"\}\s*$/],
    [get("/"), /<\/html>\s*$/],
  ];
  for (const [request, whole] of exchanges) {
    wire.text = "";
    await wire.send(request);
    await wire.until(whole);
  }
  wire.text = "";
  await wire.send(get("/notifications"));
  await wire.until(/^HTTP\/1\.1 200 OK\r\n[^]*Connection: close\r\n[^]*retry: \d+\n\n/);
  await post(`${server.url}/handle`, sampleEvent("1", ""));
  await wire.until(/"uid":"1"/);
});

Deno.test("a stream that is asked for before the last answer came follows that answer", async () => {
  await using server = await startServer();
  await using wire = await Wire.open(server.port);
  await wire.send(get("/health") + get("/notifications"));
  await wire.until(/\{"name":"eventsse"\}[^]*retry: \d+\n\n/);
});

Deno.test("a client that leaves is noticed, on either way", async () => {
  await using server = await startServer();
  const clients = async () => /^eventsse_clients (\d+)$/m.exec((await ask(`${server.url}/metrics`)).text)?.[1];
  {
    await using bare = await Wire.open(server.port);
    await using kept = await Wire.open(server.port);
    await bare.send(get("/notifications"));
    await kept.send(get("/livez"));
    await kept.until(/ok\n/);
    await kept.send(get("/notifications"));
    await Promise.all([bare.until(/retry/), kept.until(/retry/)]);
    assert.equal(await clients(), "2");
  }
  await until(async () => await clients() === "0");
});

Deno.test("what is refused is refused with an answer, and what is no HTTP at all with an end", async () => {
  await using server = await startServer();
  await using bad = await Wire.open(server.port);
  await bad.send(get("/notifications?limit=1"));
  await bad.until(/HTTP\/1\.1 400 [^]*"field":"limit"/);
  await using nonsense = await Wire.open(server.port);
  await nonsense.send("hello?\r\n\r\n");
  await nonsense.until(/HTTP\/1\.1 400/);
});

Deno.test("close() ends while connections are idle, open or half a request", async () => {
  const server = await startServer();
  await using idle = await Wire.open(server.port);
  await idle.send(get("/livez"));
  await idle.until(/ok\n/);
  await using half = await Wire.open(server.port);
  await half.send("GET /noti");
  await using stream = await Wire.open(server.port);
  await stream.send(get("/notifications"));
  await stream.until(/retry/);
  await Promise.all([server.close(), stream.until(/event: drain/)]);
});
