import assert from "node:assert/strict";
import { type Figure, summarize } from "./run.ts";

const figures = (values: readonly number[], of?: string): Figure[] =>
  values.map((value) => ({ name: "start", value, unit: "ms", ...(of === undefined ? {} : { of }) }));

Deno.test("summarize() gives minimum, median and maximum of an odd and of an even number of rounds", () => {
  const [odd] = summarize(figures([30, 10, 20]));
  assert.deepEqual(odd, { figure: "start", of: "kco", unit: "ms", rounds: 3, min: 10, median: 20, max: 30 });
  assert.equal(summarize(figures([40, 10, 20, 30]))[0]?.median, 25);
});

Deno.test("summarize() keeps a peer's figures apart from ours", () => {
  const rows = summarize([...figures([1]), ...figures([2], "helm")]);
  assert.deepEqual(rows.map(({ of, median }) => [of, median]), [["kco", 1], ["helm", 2]]);
});

Deno.test("summarize() keeps three significant digits", () => {
  assert.equal(summarize(figures([1234.5678]))[0]?.median, 1230);
});
