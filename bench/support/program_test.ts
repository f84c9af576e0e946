import assert from "node:assert/strict";
import { startProgram } from "./program.ts";

const ECHO = `
console.log(JSON.stringify({ other: true }));
console.log(JSON.stringify({ ready: 3 }));
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  console.log(JSON.stringify({ heard: text.trim() }));
}`;

Deno.test("startProgram() waits for a line by its field, tells lines, and reads what the process has used", async () => {
  await using program = startProgram(Deno.execPath(), ["eval", ECHO]);
  assert.equal(await program.number("ready"), 3);
  await program.tell("go");
  assert.deepEqual(await program.line("heard"), { heard: "go" });
  const { cpu, memory, peak } = await program.usage();
  assert.ok(cpu >= 0 && memory > 0 && peak >= memory);
});

Deno.test("startProgram() says which program ended before it printed what was waited for", async () => {
  await using program = startProgram(Deno.execPath(), ["eval", "0"]);
  await assert.rejects(program.line("ready"), /ended before it printed "ready"/);
});
