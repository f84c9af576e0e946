/** What Mercure's tests ask of a hub, and what `EventSource` makes of ours. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { ask, post, sampleEvent, startServer, StreamReader } from "../../../controllers/eventsse/server_testing.ts";
import { startEventSse } from "../../../controllers/eventsse/mod.ts";

const publish = (url: string, channel: string, data: unknown, more: object = {}) =>
  post(`${url}/publish`, { channel, data, ...more });

Deno.test("the first bytes of a stream flush its headers, and silence is filled with comments", async () => {
  await using server = await startServer({ stream: { heartbeat: [30, 50] } });
  await using stream = await StreamReader.open(`${server.url}/notifications`);
  ok(stream.text.startsWith(":\nretry: "));
  await stream.until(() => stream.parser.comments >= 4);
  await publish(server.url, "b", "Hello World");
  await stream.count(1);
  match(stream.text, /\nevent: message\nid: [0-9a-z]+-1\ndata: Hello World\n\n/);
  match(stream.response.headers.get("Cache-Control") ?? "", /no-store/);
});

Deno.test("data with any line ends arrives with newlines; names with control characters are refused", async () => {
  await using server = await startServer();
  await using stream = await StreamReader.open(`${server.url}/notifications?topic=a`);
  await publish(server.url, "a", "several\nlines\rwith\r\neol", { type: "type" });
  await publish(server.url, "a", { json: ["\n", "\0"] });
  await publish(server.url, "a", "data: x\n\nevent: krateo\ndata: forged");
  const events = await stream.count(3);
  deepEqual(events.map(({ event, data }) => [event, data]), [
    ["type", "several\nlines\nwith\neol"],
    ["message", '{"json":["\\n","\\u0000"]}'],
    ["message", "data: x\n\nevent: krateo\ndata: forged"],
  ]);
  for (const text of ["a\nb", "a\rb", "a\0b", "", "x".repeat(257)]) {
    for (const field of ["channel", "type", "id"]) {
      const answer = await post(`${server.url}/publish`, { channel: "c", data: "d", [field]: text });
      deepEqual([answer.status, JSON.parse(answer.text).field], [400, field]);
    }
    if (!/[\r\n\0]/.test(text)) continue;
    const event = { metadata: { labels: { "krateo.io/composition-id": text } } };
    equal((await post(`${server.url}/handle`, event)).status, 400, "a composition is the name of an event");
  }
});

Deno.test("reserved names, unknown fields and wrong types cannot be published", async () => {
  await using server = await startServer();
  const table: [object, field: string][] = [
    [{ channel: "krateo", data: 1 }, "channel"],
    [{ channel: "a", type: "reset", data: 1 }, "type"],
    [{ channel: "a", type: "krateo", data: 1 }, "type"],
    [{ channel: "a", data: 1, retry: 5 }, "retry"],
    [{ channel: "a" }, "data"],
    [{ data: 1 }, "channel"],
  ];
  for (const [body, field] of table) {
    const answer = await post(`${server.url}/publish`, body);
    deepEqual([answer.status, JSON.parse(answer.text).field], [400, field]);
  }
  const text = await ask(`${server.url}/publish?channel=a&type=note`, { method: "POST", body: "plain\ntext" });
  equal(text.status, 200);
  const html = { method: "POST", body: "x", headers: { "Content-Type": "text/html" } };
  equal((await ask(`${server.url}/publish?channel=a`, html)).status, 415);
  const listed = JSON.parse((await ask(`${server.url}/events?topic=a`)).text);
  deepEqual([listed[0].channel, listed[0].type, listed[0].data], ["a", "note", "plain\ntext"]);
});

Deno.test("what was missed comes by header or query, the header wins; an unknown id is said", async () => {
  await using server = await startServer();
  await publish(server.url, "t", "d1");
  const { id } = JSON.parse((await publish(server.url, "t", "d2")).text);
  await publish(server.url, "t", "d3");
  const [epoch] = id.split("-");
  const seen = async (query: string, headers: Record<string, string>, count: number) => {
    await using stream = await StreamReader.open(`${server.url}/notifications${query}`, headers);
    return (await stream.count(count)).map(({ event, data }) => event === "reset" ? JSON.parse(data).reason : data);
  };
  deepEqual(await seen("", { "Last-Event-ID": id }, 1), ["d3"]);
  deepEqual(await seen(`?lastEventId=${id}`, {}, 1), ["d3"]);
  deepEqual(await seen(`?last_event_id=${epoch}-1`, {}, 2), ["d2", "d3"]);
  deepEqual(await seen(`?lastEventId=${epoch}-1`, { "Last-Event-ID": id }, 1), ["d3"]);
  deepEqual(await seen("?lastEventId=earliest", {}, 3), ["d1", "d2", "d3"]);
  deepEqual(await seen("?lastEventId=urn:uuid:x", {}, 4), ["malformed", "d1", "d2", "d3"]);
  deepEqual(await seen(`?lastEventId=zzz-1`, {}, 4), ["unknown-epoch", "d1", "d2", "d3"]);
  deepEqual(await seen(`?lastEventId=${epoch}-9`, {}, 4), ["ahead", "d1", "d2", "d3"]);
});

Deno.test("a publication with the same id, and a repeated delivery of an Event, are sent once", async () => {
  await using server = await startServer();
  await using stream = await StreamReader.open(`${server.url}/notifications?lastEventId=earliest`);
  const once = await publish(server.url, "a", "1", { id: "x" });
  const twice = await publish(server.url, "a", "1", { id: "x" });
  deepEqual(JSON.parse(twice.text), { ...JSON.parse(once.text), repeated: true });
  await publish(server.url, "b", "2", { id: "x" });
  const event = { metadata: { uid: "u", resourceVersion: "7" } };
  await post(`${server.url}/handle`, event);
  await post(`${server.url}/handle`, [event, { metadata: { uid: "u", resourceVersion: "8" } }]);
  await publish(server.url, "end", "end");
  const data = (await stream.count(5)).map(({ data }) => data);
  deepEqual(data, ["1", "2", JSON.stringify(event), '{"metadata":{"uid":"u","resourceVersion":"8"}}', "end"]);
});

Deno.test("filters are the server's: any value of a name, all names, nothing else", async () => {
  await using server = await startServer();
  const open = (query: string) => StreamReader.open(`${server.url}/notifications?${query}`);
  const pod = (uid: string, namespace: string, type: string) =>
    sampleEvent(uid, uid === "3" ? "c" : "", { involvedObject: { kind: "Pod", namespace }, type });
  await using byKind = await open("kind=Pod&kind=Service&namespace=a");
  await using byType = await open("type=Warning");
  await using byBoth = await open("topic=krateo&topic=c");
  const events = [pod("1", "a", "Normal"), pod("2", "b", "Warning"), pod("3", "a", "Warning"), sampleEvent("4", "")];
  await post(`${server.url}/handle`, events);
  const uids = async (stream: StreamReader, count: number) =>
    (await stream.count(count)).map(({ event, data }) => `${event} ${JSON.parse(data).metadata.uid}`);
  deepEqual(await uids(byKind, 3), ["krateo 1", "krateo 3", "c 3"]);
  deepEqual(await uids(byType, 4), ["krateo 2", "krateo 3", "c 3", "krateo 4"]);
  deepEqual(await uids(byBoth, 5), ["krateo 1", "krateo 2", "krateo 3", "c 3", "krateo 4"]);
});

Deno.test("bad filters, limits and cursors are refused by name", async () => {
  await using server = await startServer();
  const table: [path: string, field: string][] = [
    ["/notifications?compositon=a", "compositon"],
    ["/notifications?composition=", "composition"],
    ["/notifications?kind=a%0Ab", "kind"],
    ["/events?limit=0", "limit"],
    ["/events?limit=-1", "limit"],
    ["/events?limit=ten", "limit"],
    ["/events?cursor=x", "cursor"],
    ["/events?cursor=other.7", "cursor"],
    ["/events?since=yesterday", "since"],
    ["/events?until=2026-13-01T00:00:00Z", "until"],
    ["/events?versions=some", "versions"],
  ];
  for (const [path, field] of table) {
    const { status, text } = await ask(server.url + path);
    deepEqual([status, JSON.parse(text).field], [400, field], path);
  }
});

Deno.test("a list goes on where its link leads, while new events come", async () => {
  await using server = await startServer();
  const add = (from: number, to: number) =>
    post(`${server.url}/handle`, Array.from({ length: to - from }, (_, n) => sampleEvent(String(from + n), "c")));
  await add(0, 7);
  const seen: string[] = [];
  let next: string | undefined = "/events?composition=c&limit=3";
  for (let page = 0; next !== undefined; page++) {
    const { headers, text } = await ask(server.url + next);
    seen.push(...JSON.parse(text).map((event: { metadata: { uid: string } }) => event.metadata.uid));
    next = /^<(.*)>; rel="next"$/.exec(headers.get("Link") ?? "")?.[1];
    if (page === 0) await add(7, 9);
  }
  deepEqual(seen, ["6", "5", "4", "3", "2", "1", "0"]);
  equal(JSON.parse((await ask(`${server.url}/events?limit=5000`)).text).length, 9);
});

Deno.test("streams beyond the limits are refused with the time to come back", async () => {
  await using server = await startServer({ limits: { total: 3, perAddress: 2 } });
  const url = `${server.url}/notifications`;
  await using _one = await StreamReader.open(url);
  {
    await using _two = await StreamReader.open(url);
    const { status, headers, text } = await ask(url);
    equal(status, 503);
    match(headers.get("Retry-After") ?? "", /^\d+$/);
    match(JSON.parse(text).detail, /Address 127.0.0.1/);
  }
  const deadline = performance.now() + 5_000;
  for (;;) {
    const again = await StreamReader.open(url).catch(() => undefined);
    await again?.[Symbol.asyncDispose]();
    if (again !== undefined) break;
    ok(performance.now() < deadline, "a place that was left is not given again");
  }
});

Deno.test("pages of foreign origins may neither read nor publish unless they are listed", async () => {
  await using server = await startServer({ origins: ["https://portal"] });
  const as = (origin: string) => ({ headers: { Origin: origin } });
  const good = await ask(`${server.url}/events`, as("https://portal"));
  deepEqual(
    ["Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Vary"].map((name) => good.headers.get(name)),
    ["https://portal", "true", "Origin"],
  );
  const bad = await ask(`${server.url}/events`, as("https://evil"));
  equal(bad.headers.get("Access-Control-Allow-Origin"), null);
  const preflight = await ask(`${server.url}/handle`, { method: "OPTIONS", ...as("https://portal") });
  match(preflight.headers.get("Access-Control-Allow-Headers") ?? "", /Last-Event-ID/);
  equal((await post(`${server.url}/handle`, {}, { Origin: "https://evil" })).status, 403);
  equal((await post(`${server.url}/handle`, {}, { Origin: "https://portal" })).status, 200);
  equal((await post(`${server.url}/handle`, {}, { Origin: server.url })).status, 200);
});

Deno.test("Deno's EventSource resumes over a restart without gap and duplicate", async () => {
  const data = await Deno.makeTempDir({ prefix: "kco-sse-" });
  const options = { data, stream: { retry: 20 } };
  let server = await startEventSse({ port: 0, ...options });
  const { port, url } = server;
  const source = new EventSource(`${url}/notifications?composition=c`);
  try {
    const uids: string[] = [];
    const opened = new Promise((resolve) => source.onopen = resolve);
    source.addEventListener("c", ({ data }) => uids.push(JSON.parse(data).metadata.uid));
    await opened;
    const until = async (count: number) => {
      const deadline = performance.now() + 10_000;
      while (uids.length < count) {
        ok(performance.now() < deadline, `only ${uids} came`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await post(`${url}/handle`, [sampleEvent("1", "c"), sampleEvent("x", "other")]);
    await until(1);
    await server.close();
    server = await startEventSse({ port, ...options });
    await post(`${url}/handle`, [sampleEvent("2", "c"), sampleEvent("3", "c")]);
    await until(3);
    await post(`${url}/handle`, sampleEvent("4", "c"));
    await until(4);
    deepEqual(uids, ["1", "2", "3", "4"]);
  } finally {
    source.close();
    await server.close();
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("a server that shuts down says so, and what was accepted is delivered before", async () => {
  const server = await startEventSse({ port: 0 });
  await using stream = await StreamReader.open(`${server.url}/notifications`);
  await post(`${server.url}/handle`, sampleEvent("1", ""));
  const closed = server.close();
  await stream.end();
  deepEqual(stream.events.map(({ event }) => event), ["krateo", "drain"]);
  await closed;
});

Deno.test("the documents of a server: metrics, readiness, OpenAPI", async () => {
  await using server = await startServer();
  await using _stream = await StreamReader.open(`${server.url}/notifications`);
  await post(`${server.url}/handle`, sampleEvent("1", ""));
  const metrics = (await ask(`${server.url}/metrics`)).text;
  for (const line of ["eventsse_clients 1", 'eventsse_published_total{result="kept"} 1', "eventsse_buffer_events 1"]) {
    ok(metrics.includes(line), `${line} is not in ${metrics}`);
  }
  equal((await ask(`${server.url}/livez`)).text, "ok\n");
  equal((await ask(`${server.url}/readyz`)).status, 200);
  const { paths } = JSON.parse((await ask(`${server.url}/openapi.json`)).text);
  for (const [path, methods] of Object.entries<object>(paths)) {
    const { headers } = await ask(server.url + path.replace("{composition}", "c"), { method: "OPTIONS" });
    for (const method of Object.keys(methods)) ok(headers.get("Allow")?.includes(method.toUpperCase()), path);
  }
});
