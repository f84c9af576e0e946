import assert from "node:assert/strict";
import { ask, post, sampleEvent, startServer, StreamReader } from "./server_testing.ts";

Deno.test("startEventSse() brings an Event to every stream that wants it, under the names of the original", async () => {
  await using server = await startServer();
  await using all = await StreamReader.open(`${server.url}/notifications`);
  await using mine = await StreamReader.open(`${server.url}/notifications?composition=ABCDE12345`);
  await using krateo = await StreamReader.open(`${server.url}/notifications?topic=krateo`);
  await using other = await StreamReader.open(`${server.url}/notifications?composition=ABCDE`);
  const event = sampleEvent("383b7f73", "ABCDE12345");
  const answer = await post(`${server.url}/handle`, event);
  assert.equal(answer.text, "events/comp-abcde12345/383b7f73");
  await post(`${server.url}/handle`, sampleEvent("last", "ABCDE"));

  const data = JSON.stringify(event);
  assert.deepEqual((await all.count(2)).slice(0, 2).map(({ event, data }) => [event, data]), [
    ["krateo", data],
    ["ABCDE12345", data],
  ]);
  assert.deepEqual((await mine.count(1)).map(({ event }) => event), ["ABCDE12345"]);
  assert.deepEqual((await krateo.count(2)).map(({ event }) => event), ["krateo", "krateo"]);
  assert.deepEqual((await other.count(1)).map(({ event }) => event), ["ABCDE"]);
});

Deno.test("startEventSse() lists newest first, of exactly the composition that was asked for", async () => {
  await using server = await startServer();
  const events = [sampleEvent("1", "abc"), sampleEvent("2", "abcdef"), sampleEvent("3", "abc")];
  const keys = await post(`${server.url}/handle`, events);
  assert.deepEqual(JSON.parse(keys.text), ["events/comp-abc/1", "events/comp-abcdef/2", "events/comp-abc/3"]);
  const get = async (path: string) => JSON.parse((await ask(server.url + path)).text);
  assert.deepEqual(await get("/events"), [...events].reverse());
  assert.deepEqual(await get("/events/abc"), [events[2], events[0]]);
  assert.deepEqual(await get("/events?composition=abcdef"), [events[1]]);
  assert.deepEqual(await get("/events/none"), []);
});

Deno.test("startEventSse() resumes without gap and duplicate, beginning where a list ended", async () => {
  await using server = await startServer();
  await post(`${server.url}/handle`, [sampleEvent("1", "abc")]);
  const listed = await ask(`${server.url}/events`);
  await post(`${server.url}/handle`, [sampleEvent("2", ""), sampleEvent("3", "")]);
  const from = listed.headers.get("Last-Event-ID") ?? "";
  await using stream = await StreamReader.open(`${server.url}/notifications?lastEventId=${from}`);
  await post(`${server.url}/handle`, [sampleEvent("4", "")]);
  const uids = (await stream.count(3)).map(({ data }) => JSON.parse(data).metadata.uid);
  assert.deepEqual(uids, ["2", "3", "4"]);
});
