import assert from "node:assert/strict";
import { referencesOf, rewire } from "./bundle.ts";

const START_WORKER = `const worker = new Worker(
  new URL("./render_worker.ts", import.meta.url),
  { type: "module" },
);`;

Deno.test("referencesOf() finds a Worker, relative to the source that starts it", () => {
  assert.deepEqual(referencesOf("/repo/lib/helm/render.ts", START_WORKER, "/repo"), [
    { specifier: "./render_worker.ts", target: "/repo/lib/helm/render_worker.ts", place: "./render_worker.js" },
  ]);
});

Deno.test("referencesOf() keeps the path of a file or folder that is read", () => {
  assert.deepEqual(referencesOf("/repo/cli/dev.ts", 'new URL("../examples/app", import.meta.url)', "/repo"), [
    { specifier: "../examples/app", target: "/repo/examples/app", place: "./files/examples/app" },
  ]);
});

Deno.test("referencesOf() refuses a source that names the folder around it", () => {
  assert.throws(
    () => referencesOf("/repo/cli/dev.ts", 'new URL("../", import.meta.url)', "/repo"),
    /that it is in itself/,
  );
});

Deno.test("rewire() points a minified bundle at what is beside it", () => {
  const references = referencesOf("/repo/lib/helm/render.ts", START_WORKER, "/repo");
  assert.equal(
    rewire('let t=new Worker(new URL("./render_worker.ts",import.meta.url))', references),
    'let t=new Worker(new URL("./render_worker.js", import.meta.url))',
  );
});

Deno.test("rewire() refuses a bundle that names something which no source names", () => {
  assert.throws(
    () => rewire("Deno.readTextFile(new URL(`./${name}.yaml`,import.meta.url))", []),
    /nothing in the sources/,
  );
});

Deno.test("rewire() refuses two things that would get the same place", () => {
  const references = [
    ...referencesOf("/repo/lib/render.ts", START_WORKER, "/repo"),
    ...referencesOf("/repo/cli/render.ts", START_WORKER, "/repo"),
  ];
  assert.throws(() => rewire("", references), /two things of one name/);
});
