/**
 * The tables of the original eventsse (E1 to E16): the same answer, or the one that docs/reference/eventsse.md lists as changed.
 *
 * E14 (media types) and E15 (variables) are about functions: they are beside these, in body_test.ts and cli/eventsse_test.ts.
 */
import { deepEqual, equal, match } from "node:assert/strict";
import { ask, post, sampleEvent, startServer, StreamReader } from "../../../controllers/eventsse/server_testing.ts";

const send = (url: string, body: string, type = "application/json") =>
  ask(url, { method: "POST", body, headers: { "Content-Type": type } });

/** What the original keeps under `event1`. */
const EVENT1 = {
  metadata: { name: "event1", namespace: "demo-system", creationTimestamp: null },
  involvedObject: {},
  source: {},
  firstTimestamp: null,
  lastTimestamp: null,
  eventTime: null,
  reportingComponent: "",
  reportingInstance: "",
};

Deno.test("E1: an event on the stream has the original's name and bytes of data; its id resumes, and the stream stays open", async () => {
  await using server = await startServer();
  await using stream = await StreamReader.open(`${server.url}/notifications`);
  match(stream.response.headers.get("Content-Type") ?? "", /^text\/event-stream/);
  equal(stream.response.headers.get("X-Accel-Buffering"), "no");
  await post(`${server.url}/handle`, EVENT1);
  await stream.count(1);
  const [, frame = ""] = /retry: \d+\n\n(.*)$/s.exec(stream.text) ?? [];
  match(frame, /^event: krateo\nid: [0-9a-z]+-1\ndata: (.*)\n\n$/);
  equal(frame.split("data: ")[1], `${JSON.stringify(EVENT1)}\n\n`);
  await post(`${server.url}/handle`, EVENT1);
  await stream.count(2);
});

Deno.test("E2, E3, E13: bodies that are no Event are refused with the original's words", async () => {
  await using server = await startServer();
  await using as204 = await startServer({ emptyIs204: true });
  const table: [body: string, status: number, detail: RegExp, type?: string][] = [
    ["{malformed json", 400, /^Request body contains badly-formed JSON \(at position 2\)$/],
    ['{"metadata": {"name": "John"}', 400, /^Request body contains badly-formed JSON/],
    ['{"metadata": {"uid": 30}}', 400, /^Request body contains an invalid value for the "metadata.uid" field$/],
    ['{"metadata": {"labels": {"krateo.io/composition-id": 30}}}', 400, /invalid value for the "metadata.labels/],
    ["", 400, /^Request body is empty$/],
    ['{"name":"John"}{"name":"Jane"}', 400, /^Request body must only contain a single JSON object$/],
    ["{}", 415, /^Content-Type header is not application\/json$/, "text/plain"],
    ['"text"', 400, /must be an Event/],
    ['[{"metadata": []}]', 400, /invalid value for the "metadata" field/],
  ];
  for (const [body, status, detail, type] of table) {
    const answer = await send(`${server.url}/handle`, body, type);
    const problem = JSON.parse(answer.text);
    deepEqual([answer.status, problem.status], [status, status], body);
    equal(answer.headers.get("Content-Type"), "application/problem+json");
    match(problem.detail, detail);
  }
  equal((await send(`${as204.url}/handle`, "")).status, 204);
  equal(JSON.parse((await send(`${server.url}/handle`, "{malformed json")).text).position, 2);
  const large = `{"message":"${"x".repeat(1_048_576)}"}`;
  equal((await send(`${server.url}/handle`, large)).status, 413);
  const unknown = await send(`${server.url}/handle`, '{"bogus":"field","metadata":{"uid":"u"}}');
  deepEqual([unknown.status, unknown.text], [200, "events/u"]);
  deepEqual(JSON.parse((await ask(`${server.url}/events`)).text), [{ bogus: "field", metadata: { uid: "u" } }]);
});

Deno.test("E4, E9, E16: the answer to an Event is its key, in lower case", async () => {
  await using server = await startServer();
  const table: [uid: string, composition: string, key: string][] = [
    ["test-uid", "", "events/test-uid"],
    ["123", "abc", "events/comp-abc/123"],
    [
      "383b7f73-bdfe-4817-a06d-000000000000",
      "ABCDE12345",
      "events/comp-abcde12345/383b7f73-bdfe-4817-a06d-000000000000",
    ],
    [
      "383b7f73-bdfe-4817-a06d-111111111111",
      "PQRST67890",
      "events/comp-pqrst67890/383b7f73-bdfe-4817-a06d-111111111111",
    ],
    ["", "", "events"],
  ];
  for (const [uid, composition, key] of table) {
    const { status, text, headers } = await post(`${server.url}/handle`, sampleEvent(uid, composition));
    deepEqual([status, text], [200, key]);
    match(headers.get("Content-Type") ?? "", /^text\/plain/);
  }
});

Deno.test("E5, E6: lists are arrays, an empty one is 200 [] or, by the switch, 204", async () => {
  for (const [emptyIs204, status, text] of [[false, 200, "[]\n"], [true, 204, ""]] as const) {
    await using server = await startServer({ emptyIs204, origins: ["https://portal"] });
    await post(`${server.url}/handle`, sampleEvent("1", "comp1"));
    const one = await ask(`${server.url}/events?composition=comp1`);
    deepEqual([one.status, JSON.parse(one.text)], [200, [sampleEvent("1", "comp1")]]);
    const none = await ask(`${server.url}/events?composition=comp3`, { headers: { Origin: "https://portal" } });
    deepEqual([none.status, none.text], [status, text]);
    equal(none.headers.get("Access-Control-Allow-Origin"), "https://portal");
    equal((await ask(`${server.url}/events/comp`)).status, status, "a prefix is no match");
  }
});

Deno.test("E7, E8: health, and every route's methods", async () => {
  await using server = await startServer();
  const health = await ask(`${server.url}/health`);
  deepEqual([health.status, JSON.parse(health.text)], [200, { name: "eventsse" }]);
  const table: [method: string, path: string, allow: RegExp][] = [
    ["POST", "/health", /^GET/],
    ["GET", "/handle", /^POST/],
    ["DELETE", "/events", /^GET/],
    ["PUT", "/notifications", /^GET/],
    ["GET", "/publish", /^POST/],
  ];
  for (const [method, path, allow] of table) {
    const { status, headers, text } = await ask(server.url + path, { method });
    equal(status, 405);
    match(headers.get("Allow") ?? "", allow);
    equal(JSON.parse(text).status, 405);
  }
  const preflight = await ask(`${server.url}/notifications`, { method: "OPTIONS" });
  deepEqual([preflight.status, preflight.headers.get("Allow")], [204, "GET, HEAD, OPTIONS"]);
  const head = await ask(`${server.url}/notifications`, { method: "HEAD" });
  deepEqual([head.status, head.text], [200, ""]);
});

Deno.test("E10: the composition is the label of that name, and nothing else", async () => {
  await using server = await startServer();
  const table: [labels: Record<string, string> | undefined, names: string[]][] = [
    [undefined, ["krateo"]],
    [{ "krateo.io/composition-id": "12345" }, ["krateo", "12345"]],
    [{ other: "label" }, ["krateo"]],
    [{ a: "b", "krateo.io/composition-id": "67890", c: "d" }, ["krateo", "67890"]],
    [{ "krateo.io/composition-id": "" }, ["krateo"]],
  ];
  await using stream = await StreamReader.open(`${server.url}/notifications`);
  for (const [labels] of table) await post(`${server.url}/handle`, { metadata: { ...(labels && { labels }) } });
  const names = table.flatMap(([, names]) => names);
  deepEqual((await stream.count(names.length)).map(({ event }) => event), names);
});

Deno.test("E12: events are gone after their time", async () => {
  await using server = await startServer({ maxAge: 200 });
  await post(`${server.url}/handle`, sampleEvent("1", ""));
  equal(JSON.parse((await ask(`${server.url}/events`)).text).length, 1);
  const deadline = performance.now() + 5_000;
  while ((await ask(`${server.url}/events`)).text !== "[]\n") equal(performance.now() < deadline, true);
});
