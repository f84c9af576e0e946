import assert from "node:assert/strict";
import { ask, post, sampleEvent, startServer, StreamReader } from "../server_testing.ts";
import { inSeconds, secretToken } from "./_testing.ts";
import { narrowed } from "./token_access.ts";
import { Tickets } from "./tickets.ts";

const SECRET = "a secret of the tests";
const jwt = { access: { type: "jwt", secret: SECRET } } as const;
const token = (scope: string, seconds = 60) => secretToken({ exp: inSeconds(seconds), scope }, SECRET);
const bearer = async (scope: string, seconds?: number) => ({ Authorization: `Bearer ${await token(scope, seconds)}` });

Deno.test("narrowed() leaves of a filter what its reader may have", async () => {
  const reader = (topics: "all" | readonly string[]) => ({
    readable: () => Promise.resolve(topics),
    mayRead: (topic: string) => Promise.resolve(topics === "all" || topics.includes(topic)),
    mayPublish: () => Promise.resolve(false),
  });
  assert.deepEqual(await narrowed(reader("all"), { kind: ["Pod"] }), { kind: ["Pod"] });
  assert.deepEqual(await narrowed(reader(["abc"]), { kind: ["Pod"] }), { kind: ["Pod"], composition: ["abc"] });
  assert.deepEqual(await narrowed(reader(["abc"]), { topic: ["krateo"] }), { topic: ["krateo"], composition: ["abc"] });
  assert.deepEqual(await narrowed(reader(["abc"]), { topic: ["abc"] }), { topic: ["abc"] });
  assert.deepEqual(await narrowed(reader(["abc"]), { composition: ["abc"] }), { composition: ["abc"] });
  await assert.rejects(narrowed(reader(["abc"]), { composition: ["abc", "def"] }), { status: 403, message: /"def"/ });
  await assert.rejects(narrowed(reader(["abc"]), { topic: ["def"] }), { status: 403 });
  await assert.rejects(narrowed(reader([]), {}), { status: 403, message: /\?composition=ID/ });
});

Deno.test("reading and publishing are separate rights", async () => {
  await using server = await startServer(jwt);
  const reading = await bearer("events:read");
  const publishing = await bearer("events:publish:builds");
  const event = sampleEvent("1", "abc");
  const build = { channel: "builds", data: "done" };
  const statuses = async (headers: Record<string, string>) => [
    (await ask(`${server.url}/events`, { headers })).status,
    (await post(`${server.url}/handle`, event, headers)).status,
    (await post(`${server.url}/publish`, build, headers)).status,
  ];
  assert.deepEqual(await statuses({}), [401, 401, 401]);
  assert.deepEqual(await statuses(reading), [200, 403, 403]);
  assert.deepEqual(await statuses(publishing), [403, 403, 200]);
  const refused = await ask(`${server.url}/notifications`);
  assert.deepEqual([refused.status, refused.headers.get("WWW-Authenticate")], [401, 'Bearer realm="eventsse"']);
  const cookie = { Cookie: `eventsse_token=${await token("events:publish events:read")}` };
  assert.deepEqual(await statuses(cookie), [200, 401, 401], "a cookie only reads");
});

Deno.test("a stream carries only what its token allows, and ends with it", async () => {
  await using server = await startServer(jwt);
  const short = { Cookie: `eventsse_token=${await token("events:read:abc", 2)}` };
  await using stream = await StreamReader.open(`${server.url}/notifications`, short);
  const publisher = await bearer("events:publish");
  await post(`${server.url}/handle`, [sampleEvent("1", "def"), sampleEvent("2", "abc")], publisher);
  const [event] = await stream.count(1);
  assert.equal(JSON.parse(event?.data ?? "").metadata.uid, "2");
  await stream.end(); // at the latest after the client's patience with the token's two seconds
  const { text } = await ask(`${server.url}/metrics`);
  assert.match(text, /eventsse_closed_total\{reason="expired"\} 1/);
});

Deno.test("a ticket opens one stream", async () => {
  await using server = await startServer(jwt);
  const { text } = await post(`${server.url}/tickets`, {}, await bearer("events:read"));
  const url = `${server.url}/notifications?ticket=${JSON.parse(text).ticket}`;
  await using _stream = await StreamReader.open(url);
  assert.equal((await ask(url)).status, 401);
  assert.equal((await post(`${server.url}/tickets`, {})).status, 401);
});

Deno.test("Tickets are good once and not for long", () => {
  let now = 0;
  const tickets = new Tickets<string>({ now: () => now });
  const { ticket } = tickets.give("a");
  assert.deepEqual([tickets.take(ticket), tickets.take(ticket), tickets.take("none")], ["a", undefined, undefined]);
  const old = tickets.give("b").ticket;
  now = 31_000;
  assert.equal(tickets.take(old), undefined);
});

Deno.test("startEventSse() refuses to serve everybody beyond this machine unless it is asked to", async () => {
  await assert.rejects(startServer({ hostname: "0.0.0.0" }), { name: "EventSseError", reason: "Unprotected" });
});
