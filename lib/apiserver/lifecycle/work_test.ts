import assert from "node:assert/strict";
import { badRequest } from "../status.ts";
import { Work } from "./work.ts";

Deno.test("Work.schedule() runs pieces after the present code, once a key, in order", async () => {
  const work = new Work();
  const ran: string[] = [];
  work.schedule("a", () => ran.push("first a"));
  work.schedule("b", () => {
    ran.push("b");
    work.schedule("c", () => ran.push("c"));
  });
  work.schedule("a", () => ran.push("second a"));
  assert.deepEqual(ran, []);
  await Promise.resolve();
  assert.deepEqual(ran, ["second a", "b", "c"]);
  work.close();
});

Deno.test("Work.schedule() tries a refused piece again, and does not hold the others up", async () => {
  const work = new Work();
  const ran: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  let refusals = 2;
  work.schedule("a", () => {
    if (refusals-- > 0) throw badRequest("not yet");
    ran.push("a");
    resolve();
  });
  work.schedule("b", () => ran.push("b"));
  await promise;
  assert.deepEqual(ran, ["b", "a"]);
  work.close();
});

Deno.test("Work.close() drops what has not run", async () => {
  const work = new Work();
  let ran = false;
  work.schedule("a", () => ran = true);
  work.close();
  work.schedule("b", () => ran = true);
  await Promise.resolve();
  assert.equal(ran, false);
});
