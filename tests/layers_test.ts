import assert from "node:assert/strict";
import { join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Import, violations } from "./layers.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

Deno.test("every import in the repository keeps to the layers", async () => {
  const imports = await readImports();
  assert.ok(imports.length > 50, `Only ${imports.length} imports found: the reader must be broken`);
  assert.deepEqual(violations(imports), []);
});

const REFUSED: readonly [rule: string, from: string, specifier: string, to: string | undefined, message: RegExp][] = [
  [
    "a lower layer imports a higher one",
    "lib/kube/watch.ts",
    "../release/mod.ts",
    "lib/release/mod.ts",
    /may import only lib\/deps/,
  ],
  ["a controller imports the embedded server", "controllers/a/mod.ts", "", "lib/apiserver/mod.ts", /may import only/],
  [
    "a sink imports a part of lib",
    "sinks/webhook.ts",
    "../lib/kube/mod.ts",
    "lib/kube/mod.ts",
    /sinks may import only lib/,
  ],
  [
    "a folder is entered by a side door",
    "lib/helm/render.ts",
    "",
    "lib/gotemplate/parse/lexer.ts",
    /through lib\/gotemplate\/mod\.ts/,
  ],
  [
    "a controller is entered by a side door",
    "cli/run.ts",
    "",
    "controllers/a/decide.ts",
    /through controllers\/a\/mod\.ts/,
  ],
  [
    "a scene of tests is used by the product",
    "lib/release/x.ts",
    "",
    "lib/helm/chart/archive_testing.ts",
    /lib\/helm\/mod\.ts/,
  ],
  ["a private file is used from outside", "tests/x.ts", "", "lib/kube/_call.ts", /only files in lib\/kube\//],
  ["a private folder is used from outside", "tests/x.ts", "", "lib/kube/_tls/key.ts", /only files in lib\/kube\//],
  ["a package is imported outside lib/deps", "lib/kube/watch.ts", "npm:rxjs@7.8.2", undefined, /in lib\/deps alone/],
  ["a package comes from JSR", "lib/deps/std.ts", "jsr:@std/path", undefined, /from npm alone/],
  ["a specifier is bare", "lib/kube/watch.ts", "rxjs", undefined, /bare specifier/],
  ["a file is not there", "lib/kube/watch.ts", "./gone.ts", undefined, /no such file/],
  ["a module is loaded from a URL", "tests/x.ts", "https://example.com/x.ts", undefined, /from a URL/],
  ["a test is imported", "tests/x.ts", "", "lib/kube/watch_test.ts", /nobody's dependency/],
  ["a new folder is in no layer", "lib/kube/watch.ts", "", "lib/misc/mod.ts", /lib\/misc\/mod\.ts is in no layer/],
];

for (const [rule, from, specifier, to, message] of REFUSED) {
  Deno.test(`violations() complains when ${rule}`, () => {
    const found = violations([{ from, specifier, to }]);
    assert.equal(found.length, 1, found.join("\n"));
    assert.match(found[0] ?? "", message);
  });
}

const ACCEPTED: readonly [from: string, specifier: string, to: string | undefined][] = [
  ["lib/kube/watch.ts", "../deps/rxjs.ts", "lib/deps/rxjs.ts"],
  ["lib/kube/tls/key.ts", "../_call.ts", "lib/kube/_call.ts"],
  ["lib/deps/rxjs.ts", "npm:rxjs@7.8.2", undefined],
  ["lib/kube/watch_test.ts", "../apiserver/mod.ts", "lib/apiserver/mod.ts"],
  ["lib/mod.ts", "./kube/mod.ts", "lib/kube/mod.ts"],
  ["controllers/a/mod.ts", "../b/mod.ts", "controllers/b/mod.ts"],
  ["mod.ts", "./cli/mod.ts", "cli/mod.ts"],
  ["tests/x.ts", "node:path", undefined],
  ["tests/x/case.ts", "../../lib/helm/chart/archive_testing.ts", "lib/helm/chart/archive_testing.ts"],
];

for (const [from, specifier, to] of ACCEPTED) {
  Deno.test(`violations() accepts ${specifier} in ${from}`, () => {
    assert.deepEqual(violations([{ from, specifier, to }]), []);
  });
}

Deno.test("violations() shows the way round when files import one another in a circle", () => {
  const edge = (from: string, to: string): Import => ({
    from: `lib/kube/${from}`,
    specifier: `./${to}`,
    to: `lib/kube/${to}`,
  });
  assert.deepEqual(violations([edge("a.ts", "b.ts"), edge("b.ts", "c.ts"), edge("c.ts", "b.ts")]), [
    "These files import one another in a circle: lib/kube/b.ts -> lib/kube/c.ts -> lib/kube/b.ts",
  ]);
});

/** What `deno info --json` says of a module, as far as it is read here. */
interface ModuleInfo {
  readonly specifier: string;
  readonly error?: string;
  readonly dependencies?: readonly {
    readonly specifier: string;
    readonly code?: { readonly specifier?: string };
    readonly type?: { readonly specifier?: string };
  }[];
}

/** All imports of all source files, as Deno itself resolves them: comments and strings do not count, type imports do. */
async function readImports(): Promise<Import[]> {
  const folder = await Deno.makeTempDir();
  try {
    const files = await sourceFiles(ROOT);
    const root = join(folder, "all.ts");
    await Deno.writeTextFile(
      root,
      files.map((file) => `import ${JSON.stringify(pathToFileURL(file).href)};`).join("\n"),
    );
    const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--no-lock", "--config", join(ROOT, "deno.json"), root],
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    const { modules }: { modules: ModuleInfo[] } = JSON.parse(new TextDecoder().decode(stdout));
    return modules.flatMap(importsOf);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function importsOf({ specifier, dependencies }: ModuleInfo): Import[] {
  const from = inRepository(specifier);
  if (from === undefined) return [];
  return (dependencies ?? []).map((dependency) => ({
    from,
    specifier: dependency.specifier,
    to: inRepository(dependency.code?.specifier ?? dependency.type?.specifier ?? ""),
  }));
}

/** The path from the repository's root of a file that is in it and exists. */
function inRepository(url: string): string | undefined {
  if (!url.startsWith("file:")) return undefined;
  const path = relative(ROOT, fileURLToPath(url));
  if (path.startsWith("..")) return undefined;
  try {
    Deno.statSync(resolve(ROOT, path));
    return path.replaceAll("\\", "/");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function sourceFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory && !/^\.|^node_modules$|^dist$|^coverage$/.test(entry.name)) {
      files.push(...await sourceFiles(path));
    }
    if (entry.isFile && /\.tsx?$/.test(entry.name)) files.push(path);
  }
  return files;
}
