import assert from "node:assert/strict";
import { ask, post, sampleEvent, startServer, StreamReader } from "../server_testing.ts";
import { inSeconds, secretToken } from "./_testing.ts";
import type { Filter } from "../../../lib/sse/mod.ts";
import { Problem } from "../problem.ts";
import { narrowed, TokenAccess } from "./token_access.ts";
import { Tickets } from "./tickets.ts";
import type { Principal } from "./types.ts";

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

Deno.test("narrowed() lets those read a namespace who may read all of it", async () => {
  const reader = {
    readable: () => Promise.resolve([]),
    mayRead: (topic: string) => Promise.resolve(topic === "abc"),
    mayReadIn: (namespace: string) => Promise.resolve(namespace !== "secret"),
    mayPublish: () => Promise.resolve(false),
  };
  const table: [filter: Filter, isAllowed: boolean][] = [
    [{ namespace: ["demo"] }, true],
    [{ namespace: ["demo"], composition: ["def"] }, true],
    [{ namespace: ["secret"], composition: ["abc"] }, true],
    [{ namespace: ["demo", "secret"] }, false],
    [{ namespace: ["secret"], composition: ["def"] }, false],
    [{ namespace: [] }, false],
  ];
  for (const [filter, isAllowed] of table) {
    const result = narrowed(reader, filter);
    if (isAllowed) assert.deepEqual(await result, filter);
    else await assert.rejects(result, { status: 403 }, JSON.stringify(filter));
  }
});

Deno.test("TokenAccess says whether a connection may go on: while its owner is known, and would be given the same", async () => {
  let readable: "all" | readonly string[] = "all";
  let failure: Error | undefined;
  const authenticate = (): Promise<Principal> => {
    if (failure !== undefined) return Promise.reject(failure);
    const rights = { readable: () => Promise.resolve(readable), mayRead: yes, mayPublish: yes };
    return Promise.resolve({ ...rights, renewal: { every: 5, renew: authenticate } });
  };
  const yes = () => Promise.resolve(true);
  const access = new TokenAccess({ authenticate });
  const request = new Request("http://it/", { headers: { Authorization: "Bearer x" } });
  const { recheck } = await access.read(request, {});
  assert.deepEqual([recheck?.every, await recheck?.isAllowed()], [5, true]);
  readable = ["abc"];
  assert.equal(await recheck?.isAllowed(), false);
  readable = [];
  assert.equal(await recheck?.isAllowed(), false);
  readable = "all";
  failure = new Problem(401, "Gone");
  assert.equal(await recheck?.isAllowed(), false);
  failure = new Problem(503, "Nobody answers");
  await assert.rejects(async () => await recheck?.isAllowed(), { status: 503 });
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
