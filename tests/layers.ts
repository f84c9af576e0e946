/**
 * Who may import whom. The table is the architecture; {@linkcode violations} says which import breaks which rule of it.
 */

/** One import as it stands in a file. */
export interface Import {
  /** Importing file, from the repository's root: `lib/kube/watch.ts`. */
  readonly from: string;
  /** As written: `../deps/rxjs.ts`, `npm:rxjs@7.8.2`. */
  readonly specifier: string;
  /** Imported file, from the repository's root; `undefined` where the specifier is not of a file in it. */
  readonly to: string | undefined;
}

/** Every folder that is a layer, and the layers that it may import. `lib` stands for `lib/mod.ts`. */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  "lib/deps": [],
  "lib/yaml": ["lib/deps"],
  "lib/gotemplate": ["lib/deps", "lib/yaml"],
  "lib/helm": ["lib/deps", "lib/yaml", "lib/gotemplate"],
  "lib/transform": ["lib/deps", "lib/yaml", "lib/gotemplate"],
  "lib/kube": ["lib/deps"],
  "lib/provider-runtime": ["lib/deps", "lib/kube"],
  "lib/schema": ["lib/deps", "lib/yaml", "lib/kube"],
  "lib/apiserver": ["lib/deps", "lib/yaml", "lib/kube", "lib/schema"],
  "lib/sse": ["lib/deps", "lib/kube"],
  "lib/release": ["lib/deps", "lib/yaml", "lib/helm", "lib/kube"],
  "lib": ["lib/*"],
  // lib/deps as well: a client library is loaded by the one sink that needs it, and lib/mod.ts offers none.
  "sinks": ["lib", "lib/deps"],
  "controllers/*": ["lib/*", "controllers/*", "sinks"],
  "cli": ["lib", "lib/*", "controllers/*", "sinks"],
  "mod.ts": ["cli"],
  "examples": ["lib", "lib/*", "sinks", "controllers/*"],
  "bench": ["*"],
  "deploy": ["*"],
  "tests": ["*"],
  "tools": ["*"],
};

/** What a layer may not import although a `*` of its row would allow it. */
const EXCEPT: Readonly<Record<string, readonly string[]>> = {
  // The embedded server is for `dev` and for tests: a controller that needs it would not run on a cluster.
  "controllers/*": ["lib/apiserver"],
};

/** Layers whose files may use third-party packages directly; elsewhere `lib/deps` has a file for each package. */
const PACKAGES_ALLOWED = ["lib/deps", "tests", "bench", "examples"];

/** The layers of which every file may be imported, not `mod.ts` alone. */
const OPEN = ["lib/deps", "tests", "tools", "bench"];

/**
 * What is wrong with these imports, a sentence each; empty when nothing is.
 *
 * A `_test.ts` file may import any layer, since it may set a scene with it, but keeps to the other rules; so may a scene, `_testing.ts`,
 * that several tests share.
 */
export function violations(imports: readonly Import[]): string[] {
  return [...imports.flatMap(violation), ...cycles(imports)];
}

function violation({ from, specifier, to }: Import): string[] {
  const source = layerOf(from);
  if (to === undefined) return packageViolation(from, source, specifier);
  const complaint = (rule: string) => [`${from} imports ${to}: ${rule}`];

  const target = layerOf(to);
  if (source === undefined) return complaint(`${from} is in no layer: name its folder in tests/layers.ts`);
  if (target === undefined) return complaint(`${to} is in no layer: name its folder in tests/layers.ts`);
  if (to.endsWith("_test.ts")) return complaint("a test file is nobody's dependency");

  const folder = privateOwner(to);
  if (folder !== undefined && !from.startsWith(folder)) {
    return complaint(`only files in ${folder} may use a "_" file of it`);
  }
  if (source.folder !== target.folder) {
    if (!isTest(from) && !allowed(source.row, target)) {
      return complaint(`${source.row} may import only ${rowOf(source.row).join(", ") || "nothing"}`);
    }
  }
  // A scene that a folder's own tests are set in may serve the suites as well.
  if (to.endsWith("_testing.ts") && from.startsWith("tests/")) return [];
  const closed = closedFolder(from, to);
  if (closed !== undefined) return complaint(`from outside, ${closed} is entered through ${closed}/mod.ts`);
  return [];
}

function isTest(file: string): boolean {
  return /_test(ing)?\.ts$/.test(file);
}

function packageViolation(from: string, source: Layer | undefined, specifier: string): string[] {
  if (/^(node:|data:)/.test(specifier)) return [];
  const complaint = (rule: string) => [`${from} imports "${specifier}": ${rule}`];
  if (specifier.startsWith("jsr:")) return complaint("packages come from npm alone");
  if (specifier.startsWith("npm:")) {
    if (source !== undefined && PACKAGES_ALLOWED.includes(source.row)) return [];
    return complaint("third-party packages are imported in lib/deps alone, one file each");
  }
  if (/^https?:/.test(specifier)) return complaint("nothing is loaded from a URL");
  if (/^(\.{1,2}\/|\/|file:)/.test(specifier)) return complaint("there is no such file in the repository");
  return complaint("a bare specifier works only inside this repository: write a relative path");
}

interface Layer {
  /** Its key in {@linkcode LAYERS}. */
  readonly row: string;
  /** The folder itself: `controllers/core-provider` for row `controllers/*`. */
  readonly folder: string;
}

function layerOf(file: string): Layer | undefined {
  if (file === "mod.ts") return { row: "mod.ts", folder: "mod.ts" };
  const [first = "", second = "", third] = file.split("/");
  const two = `${first}/${second}`;
  if (third !== undefined && LAYERS[two] !== undefined) return { row: two, folder: two };
  if (third !== undefined && LAYERS[`${first}/*`] !== undefined) return { row: `${first}/*`, folder: two };
  if (first === "lib" && third !== undefined) return undefined; // a folder of lib/ that the table does not know
  if (LAYERS[first] !== undefined) return { row: first, folder: first };
  return undefined;
}

const rowOf = (row: string): readonly string[] => LAYERS[row] ?? [];

function allowed(row: string, target: Layer): boolean {
  if (EXCEPT[row]?.includes(target.row)) return false;
  return rowOf(row).some((entry) =>
    entry === "*" || entry === target.row || (entry === "lib/*" && target.row.startsWith("lib/"))
  );
}

/** The folder that alone may use a file: that of the first part of its path which starts with `_`. */
function privateOwner(file: string): string | undefined {
  const parts = file.split("/");
  const index = parts.findIndex((part) => part.startsWith("_"));
  return index < 0 ? undefined : parts.slice(0, index).join("/") + "/";
}

/** The layer that `from` enters by a side door. */
function closedFolder(from: string, to: string): string | undefined {
  const target = layerOf(to);
  if (target === undefined || OPEN.includes(target.row) || target.row === "mod.ts") return undefined;
  if (from.startsWith(`${target.folder}/`) || to.endsWith("/mod.ts")) return undefined; // a folder within has a door of its own
  return target.folder;
}

/** A sentence for each group of files that import one another in a circle. */
function cycles(imports: readonly Import[]): string[] {
  const edges = new Map<string, string[]>();
  for (const { from, to } of imports) {
    if (to !== undefined && to !== from) edges.set(from, [...edges.get(from) ?? [], to]);
  }
  const state = new Map<string, "open" | "done">();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      found.push(
        `These files import one another in a circle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`,
      );
      return;
    }
    state.set(file, "open");
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    state.set(file, "done");
  };
  for (const file of edges.keys()) visit(file, []);
  return found;
}
