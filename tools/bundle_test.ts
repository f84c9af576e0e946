import assert from "node:assert/strict";
import { rewire, workersOf } from "./bundle.ts";

const SOURCE = `const w = new Worker(
  new URL("./render_worker.ts", import.meta.url),
  { type: "module" },
);`;

Deno.test("workersOf() finds the Worker that a source starts, relative to that source", () => {
  assert.deepEqual(workersOf("/repo/lib/helm/render/render.ts", SOURCE), [
    { module: "/repo/lib/helm/render/render_worker.ts", specifier: "./render_worker.ts" },
  ]);
  assert.deepEqual(workersOf("/repo/x.ts", 'new URL("./x.yaml", import.meta.url)'), []);
});

Deno.test("rewire() points a minified bundle at the bundled Worker beside it", () => {
  const workers = workersOf("/repo/lib/a.ts", 'new Worker(new URL("../w/render_worker.ts", import.meta.url))');
  assert.equal(
    rewire('let t=new Worker(new URL("../w/render_worker.ts",import.meta.url))', workers),
    'let t=new Worker(new URL("./render_worker.js", import.meta.url))',
  );
});

Deno.test("rewire() refuses a bundle that would look for a file which is not beside it", () => {
  assert.throws(
    () => rewire("Deno.readTextFile(new URL(`./crd.yaml`,import.meta.url))", []),
    /"\.\/crd\.yaml" is read relative/,
  );
});

Deno.test("rewire() refuses two Workers that would get the same file", () => {
  const workers = [...workersOf("/repo/lib/render.ts", SOURCE), ...workersOf("/repo/cli/render.ts", SOURCE)];
  assert.throws(() => rewire("", workers), /two Workers of one name/);
});
