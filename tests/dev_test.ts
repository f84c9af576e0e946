/** `kco dev` as its user sees it: a program with a command line, an exit code and a Ctrl-C. */
import { match, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { archive, tinyChart } from "./e2e/support/charts.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** ms that a run may take on a busy machine. */
const PATIENCE = 60_000;

/** A folder of its own, since `dev` writes `.kco/kubeconfig` where it is started. */
async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "kco-dev-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A running `dev`. */
class Dev implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  text = "";

  constructor(cwd: string, ...args: string[]) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", `--config=${ROOT}deno.json`, `${ROOT}mod.ts`, "dev", ...args],
      cwd,
      env: { NO_COLOR: "1" },
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Reads on until what is printed matches, or, without a pattern, ends. */
  async printed(pattern?: RegExp): Promise<string> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE);
    try {
      while (!pattern?.test(this.text)) {
        const { value, done } = await this.#lines.read();
        if (done) break;
        this.text += value;
      }
    } finally {
      clearTimeout(timer);
    }
    if (pattern) match(this.text, pattern);
    return this.text;
  }

  interrupt(): void {
    this.#child.kill("SIGINT");
  }

  /** The exit code; 137 when it had to be killed after `patience` ms. */
  async ended(patience = PATIENCE): Promise<number> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), patience);
    await this.printed();
    const { code } = await this.#child.status;
    clearTimeout(timer);
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has ended
    }
    await this.#lines.cancel();
    await this.#child.status;
  }
}

Deno.test("dev --once ends with `ready:` and 0, and with kept state it installs nothing again", () =>
  inFolder(async (folder) => {
    for (const _run of ["first", "second"]) {
      await using dev = new Dev(folder, "--once", "--data", `${folder}/data`);
      strictEqual(await dev.ended(), 0, dev.text);
      match(dev.text, /\nready: HelloApp demo\/hello in .* s\n$/);
    }
    const state = await Deno.readTextFile(`${folder}/data/state.jsonl`);
    match(state, /sh\.helm\.release\.v1\.hello-\w+\.v1/);
    strictEqual(/sh\.helm\.release\.v1\.hello-\w+\.v2/.test(state), false);
  }));

const WRONG = [
  [["--values", "none.yaml"], /^not ready: Cannot read "none\.yaml": .*: correct --values\n$/],
  [["--crds", "none"], /^not ready: Cannot read "none": .*: correct --crds\n$/],
  [["--kubeconfig", "none"], /^not ready: .*kubeconfig "none"/],
  [["--chart", "odd.tgz"], /\nnot ready: Cannot use chart "odd\.tgz": .*gzip.*\n$/],
] as const;
for (const [args, message] of WRONG) {
  Deno.test(`dev --once ${args.join(" ")} ends with 1 and names what is wrong`, () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/odd.tgz`, "no archive");
      await using dev = new Dev(folder, "--once", ...args);
      strictEqual(await dev.ended(), 1, dev.text);
      match(dev.text, message);
    }));
}

Deno.test("dev ends with 130 at Ctrl-C while it waits for a kind that it named, or for an endless template", () =>
  inFolder(async (folder) => {
    const loop = "{{ range $.Values.steps }}".repeat(9) + "{{ end }}".repeat(9);
    const charts = {
      missing: [
        { "x.yaml": "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: x}\n" },
        /waits: MissingKinds: .*Widget/,
      ],
      endless: [{ "x.yaml": loop }, /Composition +Endless demo\/hello/],
    } as const;
    for (const [name, [templates, reached]] of Object.entries(charts)) {
      const values = { steps: Array.from({ length: 100 }, (_, i) => i) };
      const chart = `${folder}/${name}.tgz`;
      await Deno.writeFile(chart, await archive(tinyChart(name, "1.0.0", { templates, values, schema: undefined })));
      await using dev = new Dev(folder, "--chart", chart);
      await dev.printed(reached);
      dev.interrupt();
      // Well below the 25 s that a manager gives to work under way.
      strictEqual(await dev.ended(15_000), 130, dev.text);
    }
  }));
