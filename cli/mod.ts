/** The command line. */
import { Command } from "../lib/deps/commander.ts";
import { crdCommand } from "./crd.ts";
import { devCommand } from "./dev/mod.ts";
import { eventSseCommand } from "./eventsse.ts";
import { initCommand } from "./init/mod.ts";
import { lintCommand } from "./lint.ts";
import { runCommand } from "./run.ts";
import { templateCommand } from "./template.ts";

/** The program with all its sub-commands. */
export function program(): Command {
  return new Command("kco")
    .description("Krateo Composable Operations: Helm charts as validated, self-healing Kubernetes APIs")
    .version("0.1.0")
    .addCommand(devCommand())
    .addCommand(runCommand())
    .addCommand(eventSseCommand())
    .addCommand(initCommand())
    .addCommand(crdCommand())
    .addCommand(templateCommand())
    .addCommand(lintCommand());
}

export { runTemplate } from "./template.ts";
export { type LintReport, runLint } from "./lint.ts";
