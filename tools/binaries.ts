/**
 * The real programs that tests compare with: etcd, the Kubernetes control plane, kwok and helm.
 *
 * Each is built once from the Go module that pins it (`tools/<module>/go.mod` and `go.sum`) into a cache folder outside
 * the repository, under a name that carries a hash of everything the build depends on: a changed pin is a new file, an
 * unchanged one is never built again. Callers in other processes wait for the one that builds.
 *
 *     deno run -A tools/binaries.ts            # build all, print their paths
 *     deno run -A tools/binaries.ts helm       # only this one
 */
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A program that {@linkcode binaryPath} can build. */
export type BinaryName = "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kwok" | "helm";

/** How one program is built. */
interface Recipe {
  /** Folder below `tools/` that holds its `go.mod` and `go.sum`. */
  readonly module: string;
  /** Package path of its `main`, declared by a `tool` directive there. */
  readonly package: string;
  /** The module whose required version is the program's. */
  readonly versionOf: string;
  /** Linker variables that a release build sets and without which the program reports no or a wrong version. */
  readonly variables: (version: string) => Readonly<Record<string, string>>;
}

const kubernetes = (program: string): Recipe => ({
  module: "kubernetes",
  package: `k8s.io/kubernetes/cmd/${program}`,
  versionOf: "k8s.io/kubernetes",
  variables: (version) => {
    const [major = "", minor = ""] = version.slice(1).split(".");
    return {
      "k8s.io/component-base/version.gitVersion": version,
      "k8s.io/component-base/version.gitMajor": major,
      "k8s.io/component-base/version.gitMinor": minor,
      "k8s.io/component-base/version.gitTreeState": "clean",
    };
  },
});

const RECIPES: Readonly<Record<BinaryName, Recipe>> = {
  etcd: {
    module: "etcd",
    package: "go.etcd.io/etcd/server/v3",
    versionOf: "go.etcd.io/etcd/server/v3",
    variables: () => ({}),
  },
  "kube-apiserver": kubernetes("kube-apiserver"),
  "kube-controller-manager": kubernetes("kube-controller-manager"),
  "kube-scheduler": kubernetes("kube-scheduler"),
  kwok: {
    module: "kwok",
    package: "sigs.k8s.io/kwok/cmd/kwok",
    versionOf: "sigs.k8s.io/kwok",
    variables: () => ({}),
  },
  helm: {
    module: "helm",
    package: "helm.sh/helm/v4/cmd/helm",
    versionOf: "helm.sh/helm/v4",
    variables: (version) => ({ "helm.sh/helm/v4/internal/version.version": version }),
  },
};

/** Every program, in the order in which a cold build gets to a running API server soonest. */
export const BINARIES = Object.keys(RECIPES) as readonly BinaryName[];

/** Why a program is not to be had. */
export class BinaryError extends Error {
  override readonly name = "BinaryError";
  /** @param reason `GoMissing`: no Go tool chain on this machine; `BuildFailed`: it said no; `BadPin`: `go.mod` lacks the module. */
  constructor(readonly reason: "GoMissing" | "BuildFailed" | "BadPin", message: string) {
    super(message);
  }
}

/** Folder that keeps the programs: `$KCO_CACHE`, else `$XDG_CACHE_HOME`, else `~/.cache`, and `kco/bin` below it. */
export function cacheFolder(): string {
  const base = Deno.env.get("KCO_CACHE") ?? Deno.env.get("XDG_CACHE_HOME") ?? join(homedir(), ".cache");
  return join(base, "kco", "bin");
}

/**
 * The path of a program, built now if this version of it never was.
 *
 * Building says so on standard error; it takes about two minutes for a Kubernetes program on two cores.
 *
 * @throws {BinaryError} Go is missing or the build fails.
 */
export async function binaryPath(name: BinaryName): Promise<string> {
  const recipe = RECIPES[name];
  const folder = fileURLToPath(new URL(`./${recipe.module}/`, import.meta.url));
  const pins = await Deno.readTextFile(join(folder, "go.mod")) + await Deno.readTextFile(join(folder, "go.sum"));
  const version = requiredVersion(pins, recipe.versionOf);
  const flags = linkerFlags(recipe.variables(version));
  return await buildOnce({ name, version, folder, package: recipe.package, flags }, pins);
}

/** A Go program that {@linkcode buildOnce} can build. */
export interface GoProgram {
  readonly name: string;
  readonly version: string;
  /** Folder of its `go.mod`. */
  readonly folder: string;
  /** Its package, as `go build` takes it. */
  readonly package: string;
  /** Of the linker. Default: strip. */
  readonly flags?: string;
}

/**
 * The path of a Go program in the cache folder, built now if nobody has built it from these `sources` before.
 *
 * @param sources All text that decides what is built.
 * @throws {BinaryError} Go is missing or the build fails.
 */
export async function buildOnce(program: GoProgram, sources: string): Promise<string> {
  const { name, version, flags = linkerFlags({}) } = program;
  const hash = createHash("sha256").update(
    [sources, program.package, flags, Deno.build.os, Deno.build.arch].join("\0"),
  );
  const path = join(cacheFolder(), `${name}-${version}-${hash.digest("hex").slice(0, 12)}`);
  if (await exists(path)) return path;

  await Deno.mkdir(cacheFolder(), { recursive: true });
  // The operating system drops the lock with its holder, so a build that was killed blocks nobody.
  using lock = await Deno.open(join(cacheFolder(), `.${basename(path)}.lock`), { create: true, write: true });
  await lock.lock(true);
  if (!await exists(path)) await build(name, version, program.package, program.folder, flags, path);
  return path;
}

async function build(name: string, version: string, pkg: string, folder: string, flags: string, path: string) {
  const started = Date.now();
  console.error(`Building ${name} ${version} from ${basename(folder)}/go.mod (once, can take minutes) …`);
  const unfinished = `${path}.${Deno.pid}.tmp`;
  const command = new Deno.Command("go", {
    args: ["build", "-mod=readonly", "-trimpath", `-ldflags=${flags}`, "-o", unfinished, pkg],
    cwd: folder,
    env: { CGO_ENABLED: "0" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stderr } = await command.output().catch((error: unknown) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new BinaryError("GoMissing", `Cannot build ${name} ${version}: no "go" on PATH: install Go 1.26 or newer`);
  });
  if (!success) {
    const reason = new TextDecoder().decode(stderr).trim().split("\n").slice(-20).join("\n");
    throw new BinaryError("BuildFailed", `Cannot build ${name} ${version} in ${folder}: go build says:\n${reason}`);
  }
  await Deno.rename(unfinished, path);
  console.error(`Built ${name} ${version} in ${((Date.now() - started) / 1000).toFixed(0)} s: ${path}`);
}

/** The version that a `go.mod` requires of a module. */
export function requiredVersion(goMod: string, module: string): string {
  for (const line of goMod.split("\n")) {
    const [first, second, third] = line.trim().split(/\s+/);
    if (first === module && second?.startsWith("v")) return second;
    if (first === "require" && second === module && third !== undefined) return third;
  }
  throw new BinaryError("BadPin", `Cannot find the version of "${module}" in go.mod: require it there`);
}

function linkerFlags(variables: Readonly<Record<string, string>>): string {
  return ["-s", "-w", ...Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`)].join(" ");
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

if (import.meta.main) {
  const asked = Deno.args.length > 0 ? Deno.args : BINARIES;
  for (const name of asked) {
    const known = BINARIES.find((binary) => binary === name);
    if (known === undefined) {
      console.error(`Unknown program "${name}": one of ${BINARIES.join(", ")}`);
      Deno.exit(2);
    }
    console.log(await binaryPath(known));
  }
}
