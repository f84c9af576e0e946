import { deepEqual } from "node:assert/strict";
import { type Delivery, SinkError } from "../../sinks/mod.ts";
import { judge, type Verdict } from "./attempt.ts";
import { sampleEvent } from "./_samples.ts";

const [a, b, c] = [1, 2, 3].map((position): Delivery => {
  const { id, event, body, key, time } = sampleEvent(position);
  return { id, event, body, key, time, compositionId: "" };
}) as [Delivery, Delivery, Delivery];

const NONE = { delivered: [], refused: [], split: false };

const CASES: readonly [string, readonly Delivery[], unknown, Verdict][] = [
  [
    "tries again what is Unavailable, no sooner than asked",
    [a, b],
    new SinkError("Unavailable", "busy", { retryAfter: 700 }),
    { ...NONE, rest: [a, b], reason: "Unavailable", message: "busy", retryAfter: 700 },
  ],
  [
    "tries again what only the user can mend",
    [a],
    new SinkError("Misconfigured", "401"),
    { ...NONE, rest: [a], reason: "Misconfigured", message: "401" },
  ],
  [
    "takes an error of another kind for Unavailable",
    [a],
    new TypeError("reset"),
    { ...NONE, rest: [a], reason: "Unavailable", message: "reset" },
  ],
  [
    "gives one that is refused up",
    [a],
    new SinkError("Refused", "422"),
    { ...NONE, refused: [{ delivery: a, message: "422" }], rest: [] },
  ],
  [
    "splits a batch that is refused: one of it is the culprit",
    [a, b],
    new SinkError("Refused", "422"),
    { ...NONE, rest: [a, b], split: true, reason: "Refused", message: "422" },
  ],
  [
    "acknowledges those that are not named, gives up and tries again each by its own reason",
    [a, b, c],
    new SinkError("Unavailable", "partly", {
      failed: [{ id: a.id, reason: "Unavailable", message: "busy" }, { id: c.id, reason: "Refused", message: "bad" }],
    }),
    {
      delivered: [b],
      refused: [{ delivery: c, message: "bad" }],
      rest: [a],
      split: false,
      reason: "Unavailable",
      message: "partly",
    },
  ],
];

for (const [name, batch, error, verdict] of CASES) {
  Deno.test(`judge() ${name}`, () => deepEqual(judge(batch, error), verdict));
}
