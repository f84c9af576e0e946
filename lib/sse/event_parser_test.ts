import assert from "node:assert/strict";
import { EventParser } from "./event_parser.ts";

// The examples and rules of WHATWG HTML, "Interpreting an event stream".
const TABLE: [name: string, stream: string, events: [event: string, data: string, id: string][]][] = [
  ["joins lines of data", "data: YHOO\ndata: +2\ndata: 10\n\n", [["message", "YHOO\n+2\n10", ""]]],
  ["skips comments", ": test stream\n\ndata: first\n\n", [["message", "first", ""]]],
  ["keeps the id until another comes, an empty one resets it", "data: a\nid: 1\n\ndata: b\n\ndata: c\nid\n\n", [
    ["message", "a", "1"],
    ["message", "b", "1"],
    ["message", "c", ""],
  ]],
  ["dispatches empty data, but nothing without data", "data\n\ndata\ndata\n\nevent: x\n\n", [
    ["message", "", ""],
    ["message", "\n", ""],
  ]],
  ["takes one space off", "data:test\n\ndata: test\n\ndata:  test\n\n", [
    ["message", "test", ""],
    ["message", "test", ""],
    ["message", " test", ""],
  ]],
  ["drops what no empty line ends", "data: a\n\ndata: b\n", [["message", "a", ""]]],
  ["knows all line ends", "data: a\r\rdata: b\r\n\r\ndata: c\n\n", [
    ["message", "a", ""],
    ["message", "b", ""],
    ["message", "c", ""],
  ]],
  ["ignores an id with NUL and unknown fields", "id: 1\ndata: a\n\nid: 2\0\nfoo: bar\ndata: b\n\n", [
    ["message", "a", "1"],
    ["message", "b", "1"],
  ]],
  ["takes an event name for one event only", "event: x\ndata: a\n\ndata: b\n\n", [["x", "a", ""], [
    "message",
    "b",
    "",
  ]]],
  ["skips a byte order mark", "\uFEFFdata: a\n\n", [["message", "a", ""]]],
];

for (const [name, stream, expected] of TABLE) {
  Deno.test(`EventParser ${name}`, () => {
    const whole = new EventParser();
    const parts = new EventParser();
    const tuples = (parser: EventParser, pieces: Iterable<string>) =>
      [...pieces].flatMap((piece) => parser.push(piece)).map((e) => [e.event, e.data, e.lastEventId]);
    assert.deepEqual(tuples(whole, [stream]), expected);
    assert.deepEqual(tuples(parts, stream), expected);
  });
}

Deno.test("EventParser moves the id with an empty event and reads retry", () => {
  const parser = new EventParser("a-1");
  parser.push("id: a-9\n\nretry: 250\nretry: soon\n:\n:\n");
  assert.deepEqual([parser.lastEventId, parser.retry, parser.comments], ["a-9", 250, 2]);
});
