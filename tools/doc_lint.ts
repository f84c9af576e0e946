/**
 * Checks that every exported symbol of the library's entry points is documented and names only types that a user can reach.
 *
 *     deno run -A tools/doc_lint.ts
 *
 * It is `deno doc --lint` on the `exports` of deno.json without two of its demands: a comment on every single field (one
 * that repeats the field's name is noise), and a re-export of every type of a third-party package (RxJS has its own docs).
 */
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** One complaint of `deno doc --lint`. */
export interface Finding {
  readonly rule: string;
  readonly message: string;
  /** `path:line:column` */
  readonly place: string;
}

/**
 * The complaints in the output of `deno doc --lint` that count here.
 *
 * @param packageTypes Names of the types that third-party packages bring along.
 */
export function findings(output: string, packageTypes: ReadonlySet<string>): Finding[] {
  return output.split(/^(?=error\[)/m).flatMap((block) => {
    const match = /^error\[([a-z-]+)\]: (.*)\n\s*-->\s*(\S+:\d+:(\d+))/.exec(block);
    if (match === null) return [];
    const [, rule = "", message = "", place = "", column] = match;
    const isMember = column !== "1";
    if (rule === "missing-jsdoc" && isMember) return [];
    const [, type = ""] = /references private type '([^']+)'/.exec(message) ?? [];
    if (rule === "private-type-ref" && packageTypes.has(type)) return [];
    return [{ rule, message, place }];
  });
}

/** Every name that `lib/deps` passes on: a few too many do no harm. */
async function packageNames(): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const entry of Deno.readDir(`${ROOT}/lib/deps`)) {
    const source = await Deno.readTextFile(`${ROOT}/lib/deps/${entry.name}`);
    for (const [name] of source.matchAll(/\b[A-Z]\w*/g)) names.add(name);
  }
  return names;
}

async function entryPoints(): Promise<string[]> {
  const { exports }: { exports: Record<string, string> } = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`));
  return Object.values(exports);
}

/** Whether a place is in this repository: a path below its root, or a relative one. */
function isOurs(place: string): boolean {
  return !place.startsWith("/") || place.startsWith(ROOT);
}

if (import.meta.main) {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--lint", ...await entryPoints()],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  const output = new TextDecoder().decode(stderr);
  // What a package says in its own files is not ours to mend.
  const found = findings(output, await packageNames()).filter(({ place }) => isOurs(place));
  for (const { rule, message, place } of found) console.error(`${place}: ${message} (${rule})`);
  if (found.length > 0) Deno.exit(1);
  if (code !== 0 && !/Found \d+ documentation lint error/.test(output)) { // it did not get as far as to lint
    console.error(output);
    Deno.exit(1);
  }
}
