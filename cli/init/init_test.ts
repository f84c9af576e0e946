import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseYamlDocuments } from "../../lib/yaml/mod.ts";
import { writeProject } from "./mod.ts";
import { operatorNames } from "./scaffold.ts";

const LIB = import.meta.resolve("../../lib/mod.ts");

Deno.test("a new operator type-checks, passes its test, and its manifests are those that it prints", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kco-init-"));
  try {
    await writeProject(folder, operatorNames("support-ticket", "example.org"), LIB);
    // The type check of both files is part of the test run.
    await deno(folder, "test", "-A", "--no-lock", "operator_test.ts");
    const printed = await deno(
      folder,
      "run",
      "-A",
      "--no-lock",
      "operator.ts",
      "manifests",
      "--image",
      "supportticket-operator",
    );
    const list: { items: unknown[] } = JSON.parse(printed);
    const written = await readFile(join(folder, "manifests/operator.yaml"), "utf8");
    assert.deepEqual(parseYamlDocuments(written), list.items);
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("a folder that has files is left alone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kco-init-"));
  try {
    const names = operatorNames("Ticket", "example.org");
    await writeProject(folder, names, LIB);
    await assert.rejects(writeProject(folder, names, LIB), /it is not empty: name another with --directory/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("operatorNames() makes a kind of what is typed", () => {
  assert.deepEqual(operatorNames("policy", "a.org"), {
    kind: "Policy",
    plural: "policies",
    operator: "policy-operator",
    group: "a.org",
  });
  assert.throws(() => operatorNames("my kind", "a.org"), /use letters and digits, e\.g\. Ticket/);
});

async function deno(cwd: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd, env: { NO_COLOR: "1" } })
    .output();
  const text = new TextDecoder();
  assert.ok(success, `deno ${args.join(" ")} failed:\n${text.decode(stdout)}${text.decode(stderr)}`);
  return text.decode(stdout);
}
