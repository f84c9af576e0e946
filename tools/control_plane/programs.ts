/** The programs of a control plane: where they are, and what becomes of them. */
import { join } from "node:path";
import { type BinaryName, binaryPath } from "../binaries.ts";
import { type Child, startChild } from "../child_process.ts";

/** Why there is no control plane, or none any more. */
export class ControlPlaneError extends Error {
  override readonly name = "ControlPlaneError";
  /** @param reason `ProgramEnded`: a program stopped by itself; `NotReady`: not ready in time; `Refused`: the API server refused a set-up request. */
  constructor(readonly reason: "ProgramEnded" | "NotReady" | "Refused", message: string) {
    super(message);
  }
}

/** Paths of the programs. */
export type Programs = Readonly<Record<Exclude<BinaryName, "helm">, string>>;

/** One after the other: each build uses all cores by itself. */
export async function allBinaries(): Promise<Programs> {
  return {
    "kube-apiserver": await binaryPath("kube-apiserver"),
    etcd: await binaryPath("etcd"),
    "kube-controller-manager": await binaryPath("kube-controller-manager"),
    "kube-scheduler": await binaryPath("kube-scheduler"),
    kwok: await binaryPath("kwok"),
  };
}

/** The programs of one control plane. */
export class Children {
  readonly #all: Child[] = [];
  readonly #failure = Promise.withResolvers<never>();
  #stopping = false;

  constructor(readonly folder: string) {
    this.#failure.promise.catch(() => undefined); // reported to whoever races it; nobody may be listening at the end
  }

  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  start(name: string, command: string, args: readonly string[]): void {
    const child = startChild(name, command, args, join(this.folder, `${name}.log`));
    this.#all.push(child);
    child.exited.then(async (code) => {
      if (this.#stopping) return;
      const log = await Deno.readTextFile(child.log).catch(() => "(no log)");
      const end = log.trim().split("\n").slice(-15).join("\n");
      this.#failure.reject(
        new ControlPlaneError("ProgramEnded", `${name} ended by itself with code ${code}; the end of its log:\n${end}`),
      );
    });
  }

  /** `work`, or the failure of a program if that comes first. */
  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.failed]);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#all.map((child) => child.stop()));
  }
}

/** How long one program may take to get ready, in ms: a busy machine with two cores needs up to 20 s. */
const READY_WITHIN = 90_000;

/** Polls: none of these programs tells a parent that it is ready. */
export async function waitFor(what: string, isReady: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_WITHIN;
  while (!await isReady()) {
    if (Date.now() > deadline) {
      throw new ControlPlaneError("NotReady", `${what} is not ready after ${READY_WITHIN / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
