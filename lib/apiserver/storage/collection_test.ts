import assert from "node:assert/strict";
import { fc } from "../../deps/fast_check.ts";
import { ApiError } from "../status.ts";
import { Store } from "./mod.ts";

const object = (name: string, namespace: string, x = 0) => ({
  apiVersion: "v1",
  kind: "Thing",
  metadata: { name, namespace },
  x,
});
const keys = (entries: readonly { key: string }[]) => entries.map((entry) => entry.key);

Deno.test("Collection.list() is in key order, of one namespace or of all", () => {
  const store = new Store();
  for (const [name, namespace] of [["b", "n"], ["a", "n"], ["c", "n-2"], ["a", "m"]] as const) {
    store.put("/things", object(name, namespace));
  }
  const things = store.collection("/things");
  assert.deepEqual(keys(things.list()), ["m/a", "n-2/c", "n/a", "n/b"]);
  assert.deepEqual(keys(things.list("n")), ["n/a", "n/b"]);
  assert.deepEqual(keys(things.list("none")), []);
});

Deno.test("Collection.since() answers commits after a revision, and 410 for one that is forgotten", () => {
  const store = new Store({ history: 2 });
  const first = store.put("/things", object("a", "n"));
  store.put("/things", object("a", "n", 1));
  store.remove("/things", store.put("/things", object("b", "n")));
  const things = store.collection("/things");
  assert.deepEqual(things.since(store.revision), []);
  assert.deepEqual(things.since(store.revision - 1).map((commit) => commit.type), ["DELETED"]);
  assert.throws(
    () => things.since(first.revision - 2),
    (error) => error instanceof ApiError && error.reason === "Expired",
  );
});

Deno.test("Collection.at() shows any past state that the history covers", () => {
  const step = fc.record({ name: fc.constantFrom("a", "b", "c"), remove: fc.boolean(), x: fc.nat(9) });
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const store = new Store({ history: 100 });
    const things = store.collection("/things");
    const past: [number, string][] = [];
    const remember = () => past.push([store.revision, JSON.stringify(things.list().map((entry) => entry.object))]);
    remember();
    for (const { name, remove, x } of steps) {
      const live = store.get("/things", "n", name);
      if (!remove) store.put("/things", object(name, "n", x));
      else if (live !== undefined) store.remove("/things", live);
      remember();
    }
    for (const [revision, state] of past) {
      assert.equal(JSON.stringify(things.at(revision).map((entry) => entry.object)), state);
    }
  }));
});

Deno.test("Store gives every write the next revision, and tells listeners in order", () => {
  const store = new Store({ revision: 10 });
  const seen: string[] = [];
  const end = store.subscribe("/things", ({ type, revision, entry }) => seen.push(`${type} ${revision} ${entry.key}`));
  const made = store.put("/things", object("a", "n"));
  store.put("/others", object("a", "n"));
  store.remove("/things", made);
  end();
  store.put("/things", object("b", "n"));
  assert.deepEqual(seen, ["ADDED 11 n/a", "DELETED 13 n/a"]);
  assert.equal(made.object.metadata.name, "a");
});
