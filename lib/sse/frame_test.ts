import assert from "node:assert/strict";
import { fc } from "../deps/fast_check.ts";
import { EventParser } from "./event_parser.ts";
import { type Frame, frameText } from "./frame.ts";

Deno.test("frameText() writes each field on its line and each line of data behind data:", () => {
  const table: [Frame, string][] = [
    [
      { data: "several\nlines\rwith\r\neol", id: "custom-id", event: "type", retry: 5 },
      "event: type\nretry: 5\nid: custom-id\ndata: several\ndata: lines\ndata: with\ndata: eol\n\n",
    ],
    [{ data: "d", id: "i" }, "id: i\ndata: d\n\n"],
    [{ retry: 0 }, "retry: 0\n\n"],
    [{ data: "" }, "data: \n\n"],
    [{ id: "a-1" }, "id: a-1\n\n"],
  ];
  for (const [frame, text] of table) assert.equal(frameText(frame), text);
});

Deno.test("frameText() refuses what would end a field or be ignored", () => {
  for (const text of ["a\nb", "a\rb", "a\0b", "\n"]) {
    assert.throws(() => frameText({ event: text }), { name: "SseError", reason: "ControlCharacter" });
    assert.throws(() => frameText({ id: text }), { name: "SseError", reason: "ControlCharacter" });
  }
  for (const retry of [-1, 1.5, NaN, Infinity]) {
    assert.throws(() => frameText({ retry }), { name: "SseError", reason: "InvalidRetry" });
  }
});

Deno.test("whatever is framed arrives as one event, however the bytes are cut", () => {
  const oneLine = fc.string({ unit: "binary" }).filter((text) => !/[\r\n\0]/.test(text));
  const anyText = fc.string({
    unit: fc.constantFrom("\n", "\r", ":", " ", "data: x", "\n\nevent: evil\n", "\uFEFF", "é"),
  });
  const frames = fc.array(fc.record({ event: oneLine, id: oneLine, data: anyText }), { maxLength: 5 });
  fc.assert(fc.property(frames, fc.array(fc.nat(40)), (frames, cuts) => {
    const parser = new EventParser();
    const seen = pieces(":\n" + frames.map(frameText).join(""), cuts).flatMap((piece) => parser.push(piece));
    assert.deepEqual(
      seen.map(({ event, data, lastEventId }) => ({ event, data, id: lastEventId })),
      frames.map(({ event, data, id }) => ({ event: event || "message", data: data.replace(/\r\n|\r/g, "\n"), id })),
    );
  }));
});

function pieces(text: string, cuts: readonly number[]): string[] {
  const list: string[] = [];
  let rest = text;
  for (const cut of cuts) {
    list.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return [...list, rest];
}
