/** The command line. */
import { Command } from "../lib/deps/commander.ts";
import type { runTemplate as RunTemplate } from "./template.ts";

/** The sub-commands. Each is loaded when it is asked for: all controllers take longer to load than a chart to render. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  dev: async () => (await import("./dev/mod.ts")).devCommand(),
  run: async () => (await import("./run.ts")).runCommand(),
  eventsse: async () => (await import("./eventsse.ts")).eventSseCommand(),
  init: async () => (await import("./init/mod.ts")).initCommand(),
  crd: async () => (await import("./crd.ts")).crdCommand(),
  template: async () => (await import("./template.ts")).templateCommand(),
  lint: async () => (await import("./lint.ts")).lintCommand(),
};

/**
 * The program.
 *
 * @param asked The first argument: if it names a sub-command, no other one is loaded.
 */
export async function program(asked = ""): Promise<Command> {
  const known = Object.hasOwn(COMMANDS, asked) ? COMMANDS[asked] : undefined;
  const kco = new Command("kco")
    .description("Krateo Composable Operations: Helm charts as validated, self-healing Kubernetes APIs")
    .version("0.1.0");
  for (const load of known === undefined ? Object.values(COMMANDS) : [known]) kco.addCommand(await load());
  return kco;
}

/** Loads what a thread of the program runs: a bundle is run again by its threads, for the part that renders. */
export async function loadThread(): Promise<void> {
  await import("../lib/helm/mod.ts");
}

/** What `kco template` prints for a chart. */
export const runTemplate: typeof RunTemplate = async (...args) => (await import("./template.ts")).runTemplate(...args);
