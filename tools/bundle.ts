/**
 * Bundles the product into `dist/kco.js`, with everything beside it that it names by a path of its own source.
 *
 *     deno task build           # or: deno task build FOLDER
 *
 * `deno bundle` follows imports alone. What a module names by `new URL("./x", import.meta.url)` it would look for beside the bundle. So a
 * module named in this way (a Worker's) is bundled to `dist/x.js`, a file or a folder (an example chart) is copied to `dist/files/`, and the bundle is
 * told where they are. What cannot be found is an error here rather than a surprise on a cluster.
 */
import { copyFile, cp, mkdir } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** Something that a source names relative to itself. */
export interface Reference {
  /** As written: `./render_worker.ts`. */
  readonly specifier: string;
  /** The path that it means. */
  readonly target: string;
  /** Where it goes, from the bundle's folder. */
  readonly place: string;
}

/**
 * What a source text names relative to itself.
 *
 * @param root Folder from which copied files keep their paths.
 * @throws {Error} It names a folder that it is in itself, the repository for one.
 */
export function referencesOf(file: string, source: string, root: string): Reference[] {
  const named = source.matchAll(/new URL\(\s*"(\.{1,2}\/[^"]*)"\s*,\s*import\.meta\.url\s*,?\s*\)/g);
  return [...named].map(([, specifier = ""]) => {
    const target = resolve(dirname(file), specifier);
    if (file.startsWith(join(target, "/"))) {
      throw new Error(
        `Cannot bundle ${file}: it names the folder "${specifier}" that it is in itself: name what it needs there`,
      );
    }
    const isModule = target.endsWith(".ts");
    const place = isModule ? `./${basename(target, ".ts")}.js` : `./files/${relative(root, target)}`;
    return { specifier, target, place };
  });
}

/**
 * A bundle that finds what it names.
 *
 * @throws {Error} It names something else, or two things by one name.
 */
export function rewire(bundle: string, references: readonly Reference[]): string {
  for (const { specifier, target, place } of references) {
    const other = references.find((one) =>
      one.target !== target && (one.place === place || one.specifier === specifier)
    );
    if (other !== undefined) throw new Error(`Cannot bundle two things of one name: ${other.target} and ${target}`);
  }
  // A minifier may write any of the three kinds of quotes.
  return bundle.replaceAll(/new URL\(\s*["'`]([^"'`]+)["'`]\s*,\s*import\.meta\.url\s*\)/g, (_, specifier: string) => {
    const reference = references.find((one) => one.specifier === specifier);
    if (reference === undefined) {
      throw new Error(`Cannot bundle: nothing in the sources tells what "${specifier}" means`);
    }
    return `new URL(${JSON.stringify(reference.place)}, import.meta.url)`;
  });
}

/**
 * Packages use the global `process` while they load. A Worker that runs the bundle again deletes that global (templates must not reach it)
 * as soon as its own part has loaded, which in a bundle is before other parts have. An import of the same name outlives that.
 */
const PROCESS = `import process from"node:process";\n`;

async function bundle(module: string, out: string): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform=deno", "--minify", "-o", out, module],
    cwd: ROOT,
  });
  const { success, stderr } = await command.output();
  if (!success) throw new Error(`Cannot bundle ${relative(ROOT, module)}:\n${new TextDecoder().decode(stderr)}`);
  return await Deno.readTextFile(out);
}

/** The source files that a module imports, itself included, third-party packages excluded. */
async function sourcesOf(module: string): Promise<string[]> {
  const command = new Deno.Command(Deno.execPath(), { args: ["info", "--json", module], cwd: ROOT });
  const { success, stdout, stderr } = await command.output();
  if (!success) throw new Error(`Cannot read the imports of ${module}:\n${new TextDecoder().decode(stderr)}`);
  const { modules }: { modules: { specifier: string }[] } = JSON.parse(new TextDecoder().decode(stdout));
  return modules.filter(({ specifier }) => specifier.startsWith("file:")).map(({ specifier }) =>
    fileURLToPath(specifier)
  );
}

/** Bundles a module into a folder, and beside it what its sources name. */
async function build(module: string, folder: string, place: string, done: Set<string>): Promise<void> {
  if (done.has(module)) return;
  done.add(module);
  const references: Reference[] = [];
  for (const file of await sourcesOf(module)) {
    references.push(...referencesOf(file, await Deno.readTextFile(file), ROOT));
  }
  const out = join(folder, place);
  const text = PROCESS + rewire(await bundle(module, out), references);
  await Deno.writeTextFile(out, text);
  console.log(`${out}: ${(text.length / 1024).toFixed(0)} KiB`);
  for (const { target, place } of references) {
    if (target.endsWith(".ts")) await build(target, folder, place, done);
    else await copy(target, join(folder, place));
  }
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  if ((await Deno.stat(from)).isDirectory) await cp(from, to, { recursive: true });
  else await copyFile(from, to);
}

if (import.meta.main) {
  const folder = resolve(Deno.args[0] ?? join(ROOT, "dist"));
  await mkdir(folder, { recursive: true });
  await build(join(ROOT, "mod.ts"), folder, "kco.js", new Set());
}
