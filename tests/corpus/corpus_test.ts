import assert from "node:assert/strict";
import { join } from "node:path";
import { createRenderer } from "../../lib/helm/mod.ts";
import { readCases } from "./cases.ts";
import { checkCase } from "./check.ts";
import { errorOf, inOneOrder } from "./message.ts";

async function inFolder(cases: string | undefined, body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "kco-corpus-" });
  try {
    if (cases !== undefined) await Deno.writeTextFile(join(folder, "cases.json"), cases);
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readCases() takes a case with the least there is, and no notice of fields that it does not know", () =>
  inFolder('[{"id":"a.b","chart":"c.tgz","golden":"g.yaml","values":null,"seconds":1}]', async (folder) => {
    const expected = { id: "a.b", name: "a.b", chart: "c.tgz", golden: "g.yaml", unstable: [], error: false };
    assert.deepEqual(await readCases(folder, undefined), [expected]);
  }));

for (
  const [cases, chart, message] of [
    [undefined, undefined, /cases\.json: a corpus has such a file/],
    ["{", undefined, /no JSON/],
    ["{}", undefined, /a list of cases is needed/],
    ["[]", undefined, /no case at all/],
    ['[{"id":"a"}]', undefined, /case 0: id, chart and golden are needed/],
    ['[{"id":"a","chart":"c","golden":"g","unstable":"*"}]', undefined, /case 0 \(a\): unstable is a list/],
    ['[{"id":"a","chart":"c","golden":"g"}]', "b", /no case of b/],
  ] as const
) {
  Deno.test(`readCases() says what is wrong with ${cases ?? "nothing"}`, () =>
    inFolder(cases, async (folder) => {
      await assert.rejects(readCases(folder, chart), { name: "CorpusError", message });
    }));
}

Deno.test("checkCase() finds a difference, and goes on, where a file of the corpus is missing", () =>
  inFolder(undefined, async (folder) => {
    const renderer = createRenderer();
    const one = { id: "a", name: "a", chart: "no.tgz", golden: "no.yaml", unstable: [] };
    const { differences } = await checkCase(renderer, folder, one);
    await renderer.close();
    assert.match(differences[0]?.ours ?? "", /no\.yaml/);
  }));

Deno.test("errorOf() leaves out the warnings before an error and the hint behind it", () => {
  const text = 'level=WARN msg="x"\nError: a\n  b\n\nUse --debug flag to render out invalid YAML\n';
  assert.equal(errorOf(text), "a\n  b");
  assert.equal(errorOf("a\n  b"), "a\n  b");
});

Deno.test("inOneOrder() is the same for the same violations in any order", () => {
  const head = "values don't meet the specifications of the schema(s) in the following chart(s):";
  const one = `${head}\na:\n- at '': additional properties 'y', 'x' not allowed\n- at '/b': no\n  - c`;
  const other = `${head}\na:\n- at '/b': no\n  - c\n- at '': additional properties 'x', 'y' not allowed`;
  assert.equal(inOneOrder(one), inOneOrder(other));
  assert.equal(inOneOrder("b\na"), "b\na");
});
