/** Helm's options for values. */
import type { Command } from "../lib/deps/commander.ts";

/** Adds Helm's options for values to a command. */
export function addValueOptions(command: Command): Command {
  const many = (value: string, before: readonly string[] = []) => [...before, value];
  const files = (value: string, before: readonly string[] = []) => [...before, ...value.split(",")];
  return command
    .option("-f, --values <files>", "values files, separated by commas; may be given more than once", files)
    .option("--set <expression>", "values on the command line: a=1,b.c=x", many)
    .option("--set-string <expression>", "the same, every value is text", many)
    .option("--set-json <expression>", 'values as JSON: a={"b":1}', many)
    .option("--set-file <expression>", "values read from files: a=path", many)
    .option("--set-literal <expression>", "one value, taken as it is", many);
}
