/** `kco init operator NAME`: a new operator with its test, image and manifests. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Command } from "../../lib/deps/commander.ts";
import { type OperatorNames, operatorNames, scaffold } from "./scaffold.ts";

interface InitOptions {
  readonly directory?: string;
  readonly group: string;
  readonly lib?: string;
}

/** The sub-command. */
export function initCommand(): Command {
  const operator = new Command("operator")
    .description("Write a new operator into a new folder: code, test, Dockerfile, manifests")
    .argument("<name>", "kind of the objects, e.g. Ticket")
    .option("--directory <folder>", "default: the kind in lower case, then -operator")
    .option("--group <group>", "API group of the kind", "example.org")
    .option("--lib <url>", "where kco's lib/mod.ts is; default: that of this program, when it runs from source")
    .action(initOperator);
  return new Command("init").description("Start a new project").addCommand(operator);
}

async function initOperator(name: string, options: InitOptions): Promise<void> {
  const names = operatorNames(name, options.group);
  const folder = options.directory ?? names.operator;
  await writeProject(folder, names, options.lib ?? libraryUrl());
  console.log(`Wrote ${folder}. Next:

    cd ${folder}
    deno task test
    deno task dev        # on the cluster of your kubeconfig`);
}

/**
 * Writes the files of an operator.
 *
 * @throws {Error} The folder has files already.
 */
export async function writeProject(folder: string, names: OperatorNames, lib: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    throw new Error(`Cannot write an operator to "${folder}": it is not empty: name another with --directory`);
  }
  for (const [path, text] of Object.entries(scaffold(names, lib))) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** The library that this program is made of, where that is a file that others can import. */
function libraryUrl(): string {
  if (import.meta.url.endsWith("/cli/init/mod.ts")) return import.meta.resolve("../../lib/mod.ts");
  throw new Error("Cannot tell where the library is: this program is a bundle: name the URL of lib/mod.ts with --lib");
}
