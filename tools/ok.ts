/**
 * What must hold before a commit: format, lint, types, layers, documentation and its examples.
 *
 *     deno task ok
 */
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

const STEPS: readonly [name: string, args: readonly string[]][] = [
  ["format", ["fmt", "--check"]],
  ["lint", ["lint"]],
  ["types", ["check", "."]],
  ["layers", ["test", "-A", "--no-prompt", "tests/layers_test.ts"]],
  ["doc lint", ["run", "-A", "tools/doc_lint.ts"]],
  ["doc examples", [
    "test",
    "-A",
    "--no-prompt",
    "--doc",
    "--permit-no-files",
    "--ignore=**/*_test.ts",
    ".",
  ]],
];

let failed = 0;
for (const [name, args] of STEPS) {
  const started = Date.now();
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...args], cwd: ROOT }).output();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${success ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (success) continue;
  failed++;
  await Deno.stdout.write(stdout);
  await Deno.stderr.write(stderr);
}
console.log(`ok: ${STEPS.length - failed} passed, ${failed} failed`);
if (failed > 0) Deno.exit(1);
