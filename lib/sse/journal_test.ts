import assert from "node:assert/strict";
import { formatEventId, newEpoch, parseEventId } from "./event_id.ts";
import { resumeFrom } from "./journal.ts";

Deno.test("resumeFrom() decides by the id where a connection begins", () => {
  const journal = { epoch: "e1", head: 20, evicted: 10 };
  const table: [lastEventId: string | undefined, expected: ReturnType<typeof resumeFrom>][] = [
    [undefined, { type: "live", after: 20 }],
    ["", { type: "live", after: 20 }],
    ["earliest", { type: "replay", after: 10 }],
    ["e1-15", { type: "replay", after: 15 }],
    ["e1-20", { type: "replay", after: 20 }],
    ["e1-10", { type: "replay", after: 10 }],
    ["e1-9", { type: "reset", after: 10, reason: "evicted" }],
    ["e1-21", { type: "reset", after: 10, reason: "ahead" }],
    ["e0-15", { type: "reset", after: 10, reason: "unknown-epoch" }],
    ["events/comp-abc/1", { type: "reset", after: 10, reason: "malformed" }],
  ];
  for (const [id, expected] of table) assert.deepEqual(resumeFrom(journal, id), expected, id);
});

Deno.test("parseEventId() reads what formatEventId() writes and nothing else", () => {
  const id = { epoch: newEpoch(1_700_000_000_000, () => 0), seq: 17 };
  assert.equal(formatEventId(id), "loyw3v280000-17");
  assert.deepEqual(parseEventId(formatEventId(id)), id);
  for (const text of ["", "a", "a-", "-1", "a-01", "A-1", "a-1 ", "a-1\n", "a--1", "a-99999999999999999"]) {
    assert.equal(parseEventId(text), undefined, text);
  }
});
