/** Somebody else's project imports the library by path and by URL: what works here only because of our deno.json would fail there. */
import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

Deno.test("a project outside the repository imports every entry point by relative path and by file URL", async () => {
  const project = await Deno.realPath(await Deno.makeTempDir({ prefix: "kco-import-" }));
  try {
    const { exports }: { exports: Record<string, string> } = JSON.parse(
      await Deno.readTextFile(join(ROOT, "deno.json")),
    );
    await Deno.writeTextFile(
      join(project, "main.ts"),
      Object.values(exports).map((path, index) => program(project, path, index)).join(""),
    );
    // Stricter than Deno's defaults, as a user may be, who should then see no error in our files.
    await Deno.writeTextFile(
      join(project, "deno.json"),
      JSON.stringify({ nodeModulesDir: "none", lock: false, compilerOptions: { exactOptionalPropertyTypes: true } }),
    );
    await deno(project, ["check", "main.ts"]);
    const printed = await deno(project, ["run", "-A", "--no-prompt", "main.ts"]);
    assert.deepEqual(printed.trim().split("\n"), Object.values(exports).map((path) => `${path} is one module`));
  } finally {
    await Deno.remove(project, { recursive: true });
  }
});

function program(project: string, path: string, index: number): string {
  const target = join(ROOT, path);
  return `import * as byPath${index} from ${JSON.stringify(relative(project, target))};
import * as byUrl${index} from ${JSON.stringify(pathToFileURL(target).href)};
console.log(${JSON.stringify(path)}, byPath${index} === byUrl${index} ? "is one module" : "is two modules");
`;
}

async function deno(cwd: string, args: string[]): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), { args, cwd, env: { NO_COLOR: "1" } });
  const { success, stdout, stderr } = await command.output();
  assert.ok(
    success,
    `deno ${args.join(" ")} failed in a project outside the repository:\n${new TextDecoder().decode(stderr)}`,
  );
  return new TextDecoder().decode(stdout);
}
