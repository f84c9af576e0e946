/**
 * Bundles the product into `dist/kco.js`, and each Worker that it starts into a file beside it.
 *
 *     deno task build
 *
 * `deno bundle` follows imports alone. A Worker is named by `new Worker(new URL("./x.ts", import.meta.url))`, which in the bundle would look
 * for `x.ts` beside the bundle: so that module is bundled to `x.js` there, and the bundle is told so. A file that is read
 * through such a URL would be missing as well; that is an error here rather than a surprise on a cluster.
 */
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const OUT = join(ROOT, "dist");

/** A Worker's entry and how the source names it. */
export interface WorkerEntry {
  /** Path of its module. */
  readonly module: string;
  /** As written: `./render_worker.ts`. */
  readonly specifier: string;
}

/** The Workers that a source text starts. */
export function workersOf(file: string, source: string): WorkerEntry[] {
  const starts = source.matchAll(/new Worker\(\s*new URL\(\s*"(\.{1,2}\/[^"]+\.ts)"\s*,\s*import\.meta\.url\s*\)/g);
  return [...starts].map(([, specifier = ""]) => ({ module: resolve(dirname(file), specifier), specifier }));
}

/**
 * A bundle whose Workers are found beside it.
 *
 * @throws {Error} It names another file relative to itself, or two Workers of one file name.
 */
export function rewire(bundle: string, workers: readonly WorkerEntry[]): string {
  const byName = new Map<string, string>();
  for (const { module } of workers) {
    const other = byName.get(basename(module));
    if (other !== undefined && other !== module) {
      throw new Error(`Cannot bundle two Workers of one name: ${other} and ${module}`);
    }
    byName.set(basename(module), module);
  }
  // A minifier may write any of the three kinds of quotes.
  return bundle.replaceAll(/new URL\(\s*["'`]([^"'`]+)["'`]\s*,\s*import\.meta\.url\s*\)/g, (_, specifier: string) => {
    if (!workers.some((worker) => worker.specifier === specifier)) {
      throw new Error(
        `Cannot bundle: "${specifier}" is read relative to a module, and would be missing beside the bundle: import it instead`,
      );
    }
    return `new URL(${JSON.stringify("./" + basename(specifier).replace(/\.ts$/, ".js"))}, import.meta.url)`;
  });
}

async function bundle(module: string, name: string): Promise<string> {
  const out = join(OUT, name);
  const command = new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform=deno", "--minify", "-o", out, module],
    cwd: ROOT,
  });
  const { success, stderr } = await command.output();
  if (!success) throw new Error(`Cannot bundle ${relative(ROOT, module)}:\n${new TextDecoder().decode(stderr)}`);
  return out;
}

/** The source files that a module imports, itself included, third-party packages excluded. */
async function sourcesOf(module: string): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", module],
    cwd: ROOT,
  }).output();
  if (!success) throw new Error(`Cannot read the imports of ${module}:\n${new TextDecoder().decode(stderr)}`);
  const { modules }: { modules: { specifier: string }[] } = JSON.parse(new TextDecoder().decode(stdout));
  return modules.filter(({ specifier }) => specifier.startsWith("file:")).map(({ specifier }) =>
    fileURLToPath(specifier)
  );
}

/** Bundles a module, and the Workers that its sources start, and theirs. */
async function build(module: string, name: string, done = new Set<string>()): Promise<void> {
  if (done.has(module)) return;
  done.add(module);
  const workers: WorkerEntry[] = [];
  for (const file of await sourcesOf(module)) workers.push(...workersOf(file, await Deno.readTextFile(file)));
  const out = await bundle(module, name);
  const text = rewire(await Deno.readTextFile(out), workers);
  await Deno.writeTextFile(out, text);
  console.log(`${relative(ROOT, out)} ${(text.length / 1024).toFixed(0)} KiB`);
  for (const worker of workers) await build(worker.module, basename(worker.module).replace(/\.ts$/, ".js"), done);
}

if (import.meta.main) {
  await Deno.mkdir(OUT, { recursive: true });
  await build(join(ROOT, "mod.ts"), "kco.js");
}
