import assert from "node:assert/strict";
import { type FieldPath, parseFieldPath } from "../../lib/transform/mod.ts";
import { type Link, Links } from "./links.ts";

const place = (text: string) => {
  const [object = "", path] = text.split(":");
  return { object, path: path === undefined ? undefined : parseFieldPath(path) as FieldPath };
};
const link = (born: number, reads: string, writes: string): Link => {
  return { born: String(born), reads: [place(reads)], writes: [place(writes)] };
};

function linked(all: Record<string, Link>): Links {
  const links = new Links();
  for (const [key, one] of Object.entries(all)) links.put(key, one);
  return links;
}

Deno.test("elder() is the oldest that writes the same field, whatever came first", () => {
  const links = linked({
    young: link(3, "s:data", "t:data.v"),
    old: link(1, "s:data", "t:data.v"),
    other: link(2, "s:data", "t:data.w"),
    elsewhere: link(0, "s:data", "u:data.v"),
  });
  assert.equal(links.elder("young"), "old");
  assert.equal(links.elder("old"), undefined);
  assert.equal(links.elder("other"), undefined);
});

Deno.test("elder() takes a wildcard for each field, and leaves parts of an object to the API server", () => {
  const links = linked({
    wild: link(1, "s:data", "t:data[*]"),
    one: link(2, "s:data", "t:data.v"),
    whole: link(3, "s:data", "t:data"),
  });
  assert.equal(links.elder("one"), "wild");
  assert.equal(links.elder("whole"), undefined);
});

Deno.test("cycle() tells the youngest of a circle, with all its members", () => {
  const links = linked({
    ab: link(1, "a:data.v", "b:data.v"),
    bc: link(2, "b:data.v", "c:data"),
    ca: link(3, "c:data.v", "a:data.v"),
  });
  assert.deepEqual(links.cycle("ca"), ["ca", "ab", "bc", "ca"]);
  assert.equal(links.cycle("ab"), undefined);
  assert.equal(links.cycle("bc"), undefined);
});

Deno.test("cycle() looks at fields, not at objects", () => {
  const links = linked({
    ab: link(1, "a:data.x", "b:data.x"),
    ba: link(2, "b:data.y", "a:data.x"),
    self: link(3, "c:data.x", "c:data.y"),
  });
  assert.equal(links.cycle("ba"), undefined);
  assert.equal(links.cycle("self"), undefined);
});

Deno.test("cycle() sees a Patch that reads what it writes, and takes a query for any field", () => {
  assert.deepEqual(linked({ self: link(1, "a:data", "a:data.v") }).cycle("self"), ["self", "self"]);
  assert.deepEqual(linked({ query: link(1, "a:data.x", "a") }).cycle("query"), ["query", "query"]);
});

Deno.test("put() tells whom it may concern, and nobody when nothing has changed", () => {
  const links = linked({ old: link(1, "s:data", "t:data.v"), reader: link(2, "t:data", "u:data.v") });
  const young = link(3, "s:data", "t:data.v");
  assert.deepEqual(links.put("young", young).sort(), ["old", "reader"]);
  assert.deepEqual(links.put("young", young), []);
});

Deno.test("drop() tells those that may go on, and opens the circle", () => {
  const links = linked({ ab: link(1, "a:data.v", "b:data.v"), ba: link(2, "b:data.v", "a:data.v") });
  assert.ok(links.cycle("ba"));
  assert.deepEqual(links.drop("ab"), ["ba"]);
  assert.equal(links.cycle("ba"), undefined);
  assert.deepEqual(links.drop("ab"), []);
});
