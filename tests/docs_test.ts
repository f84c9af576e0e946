/** Pages for readers: their links lead somewhere, and the reference names every reason that a condition can have. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** All pages, from the repository's root. */
async function pages(folder = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    if (name.startsWith(".") || name === "node_modules" || name === "dist") continue;
    if (isDirectory) found.push(...await pages(join(folder, name)));
    else if (name.endsWith(".md")) found.push(join(folder, name));
  }
  return found.sort();
}

Deno.test("every relative link of every page leads to a file", async () => {
  const broken: string[] = [];
  for (const page of await pages()) {
    const text = (await Deno.readTextFile(join(ROOT, page))).replaceAll(/^```.*?^```/gms, "");
    for (const [, link = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:|^#/.test(link)) continue;
      const target = join(ROOT, dirname(page), link.replace(/#.*/, ""));
      await Deno.stat(target).catch(() => broken.push(`${page}: ${link}`));
    }
  }
  assert.deepEqual(broken, []);
});

/** The sources that decide on conditions, and the page that explains their reasons. */
const REASONS: readonly [page: string, sources: readonly string[]][] = [
  ["docs/reference/composition_definition.md", [
    "controllers/core-provider/failure.ts",
    "controllers/core-provider/reconcile.ts",
    "controllers/core-provider/status.ts",
  ]],
  ["docs/reference/composition.md", [
    "controllers/composition-dynamic-controller/failure.ts",
    "controllers/composition-dynamic-controller/conditions.ts",
  ]],
  ["docs/reference/patch.md", ["controllers/patch-provider/failure.ts", "controllers/patch-provider/status.ts"]],
];

for (const [page, sources] of REASONS) {
  Deno.test(`${page} explains every reason that the code gives`, async () => {
    const text = await Deno.readTextFile(join(ROOT, page));
    const missing: string[] = [];
    for (const source of sources) {
      const reasons = reasonsIn(await Deno.readTextFile(join(ROOT, source)));
      assert.ok(reasons.length > 0, `${source} gives no reason: the test does not see what it should`);
      missing.push(...reasons.filter((reason) => !text.includes(`\`${reason}\``)));
    }
    assert.deepEqual(missing, []);
  });
}

/** `reason: "X"`, `no("X", …)`, and the right sides of the tables in `failure.ts`. */
function reasonsIn(source: string): string[] {
  const given = source.matchAll(/(?:reason: |\bno\(|^ {2}\w+: |\?\? )"([A-Z]\w+)"/gm);
  return [...new Set([...given].map(([, reason = ""]) => reason))];
}
