import assert from "node:assert/strict";
import type { PrinterColumn } from "../resource.ts";
import { columnDefinitions, evaluatePath, parsePath, tableRow } from "./mod.ts";

const OBJECT = {
  apiVersion: "v1",
  kind: "Thing",
  metadata: { name: "t", creationTimestamp: "2026-01-01T00:00:00Z", labels: { "a.b/c": "d" } },
  spec: { list: [{ name: "x", n: 1 }, { name: "y", n: 2 }], "dotted.key": 5, on: true },
  status: { conditions: [{ type: "Ready", status: "True" }, { type: "Other", status: "False" }] },
};

Deno.test("evaluatePath() reads the JSONPath of printer columns", () => {
  const table: readonly (readonly [string, unknown[]])[] = [
    [".metadata.name", ["t"]],
    ["{.metadata.name}", ["t"]],
    ["$.metadata.name", ["t"]],
    [".spec.list[0].name", ["x"]],
    [".spec.list[-1].name", ["y"]],
    [".spec.list[*].name", ["x", "y"]],
    [".spec['dotted.key']", [5]],
    [".spec.dotted\\.key", [5]],
    [".metadata.labels.a\\.b/c", ["d"]],
    ['.status.conditions[?(@.type=="Ready")].status', ["True"]],
    [".status.conditions[?(@.type=='Other')].status", ["False"]],
    [".spec.list[?(@.n>1)].name", ["y"]],
    ["..type", ["Ready", "Other"]],
    [".none.at.all", []],
    [".metadata.name.deeper", []],
  ];
  for (const [path, wanted] of table) assert.deepEqual(evaluatePath(path, OBJECT), wanted, path);
});

Deno.test("parsePath() refuses scripts and nonsense", () => {
  for (const path of [".a[?(process.exit())]", ".a[(@.length-1)]", "a b", ".a["]) {
    assert.throws(() => parsePath(path), SyntaxError, path);
  }
});

Deno.test("tableRow() makes cells by the columns' types", () => {
  const columns: readonly PrinterColumn[] = [
    { name: "Names", type: "string", jsonPath: ".spec.list[*].name" },
    { name: "N", type: "integer", jsonPath: ".spec.list[1].n" },
    { name: "On", type: "boolean", jsonPath: ".spec.on" },
    { name: "Wrong", type: "integer", jsonPath: ".metadata.name" },
    { name: "Labels", type: "string", jsonPath: ".metadata.labels" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
    { name: "Computed", type: "string", cell: (object) => object.kind },
  ];
  const now = Date.parse("2026-01-01T00:03:20Z");
  assert.deepEqual(tableRow(columns, OBJECT, now), ["t", "x,y", 2, true, null, '{"a.b/c":"d"}', "3m20s", "Thing"]);
});

Deno.test("a kind without columns shows name and age", () => {
  assert.deepEqual(columnDefinitions([]).map((column) => column.name), ["Name", "Age"]);
});

Deno.test("a column of format name takes the place of the name", () => {
  const columns: readonly PrinterColumn[] = [
    { name: "Last Seen", type: "string", cell: () => "1s" },
    { name: "Name", type: "string", format: "name", cell: (object) => object.metadata.name },
  ];
  assert.deepEqual(columnDefinitions(columns).map((column) => column.name), ["Last Seen", "Name"]);
  assert.deepEqual(tableRow(columns, OBJECT, 0), ["1s", "t"]);
});
