import assert from "node:assert/strict";
import { join } from "node:path";
import { HelmChartError } from "./errors.ts";
import { collectValues } from "./value_options.ts";

async function withFolder(use: (folder: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "kco-values-" });
  try {
    use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("collectValues() combines the options in Helm's order, whatever the order of the command line", async () => {
  await withFolder((folder) => {
    const file = join(folder, "f.txt");
    Deno.writeTextFileSync(file, "text\n");
    const values = collectValues({
      setLiteral: ["d=a,b=c"],
      setFile: [`c=${file}`],
      setString: ["b=2"],
      set: ["a=1,b=1,c=1"],
      setJson: ['{"a":0,"e":[1]}', "e[1]=2"],
    });
    assert.deepEqual(values, { a: 1n, b: "2", c: "text\n", d: "a,b=c", e: [1, 2] });
  });
});

Deno.test("collectValues() says of a file that it cannot read what Helm says", async () => {
  await withFolder((folder) => {
    const file = join(folder, "f");
    Deno.writeTextFileSync(file, "");
    const faults: readonly [string, string][] = [
      [`${folder}/none`, `open ${folder}/none: no such file or directory`],
      [`${file}/x`, `open ${file}/x: not a directory`],
      [folder, `read ${folder}: is a directory`],
      ["a\tb", 'parse "a\\tb": net/url: invalid control character in URL'],
    ];
    for (const [path, fault] of faults) {
      const message = `failed parsing --set-file data: ${fault}`;
      assert.throws(() => collectValues({ setFile: [`a=${path}`] }), { name: "HelmChartError", message });
      assert.throws(() => collectValues({ values: [path] }), (error) => {
        return error instanceof HelmChartError && error.reason === "UnreadableFile" && error.message === fault;
      });
    }
  });
});

Deno.test("collectValues() takes - for standard input", async () => {
  const module = JSON.stringify(new URL("./value_options.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { collectValues } from ${module}; console.log(JSON.stringify(collectValues({ values: ["-"], set: ["b=y"] })));`,
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode("a: x\n"));
  await writer.close();
  const { stdout } = await child.output();
  assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), { a: "x", b: "y" });
});
