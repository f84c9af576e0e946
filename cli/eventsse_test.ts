import assert from "node:assert/strict";
import { eventSseCommand, type EventSseFlags, optionsOf } from "./eventsse.ts";

async function optionsFor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  for (const [name, value] of Object.entries(env)) Deno.env.set(name, value);
  try {
    let flags: EventSseFlags | undefined;
    const command = eventSseCommand().exitOverride().configureOutput({ writeErr: () => undefined });
    command.action((parsed: EventSseFlags) => void (flags = parsed));
    await command.parseAsync([...args], { from: "user" });
    assert.ok(flags);
    return await optionsOf(flags);
  } finally {
    for (const name of Object.keys(env)) Deno.env.delete(name);
  }
}

Deno.test("kco eventsse reads the original's variables, and flags win", async () => {
  const env = {
    EVENTSSE_PORT: "8083",
    EVENTSSE_TTL: "60",
    EVENTSSE_GET_LIMIT: "500",
    EVENTSSE_CORS_ORIGINS: "https://a.b, https://c.d",
  };
  const { port, maxAge, maxLimit, origins } = await optionsFor(["--port", "1"], env);
  assert.deepEqual([port, maxAge, maxLimit, origins], [1, 60_000, 500, ["https://a.b", "https://c.d"]]);
});

Deno.test("kco eventsse has the original's defaults, and durations as Go writes them (E15)", async () => {
  const { port, stream, emptyIs204 } = await optionsFor([], { EVENTSSE_ROTATION: "4m", EVENTSSE_EMPTY_IS_204: "true" });
  assert.deepEqual([port, stream?.rotation, emptyIs204], [8181, 240_000, true]);
});

Deno.test("kco eventsse refuses options that do not go together or cannot be read", async () => {
  const table: [readonly string[], RegExp][] = [
    [["--data", "/x", "--nats", "nats://y"], /--nats or --data/],
    [["--access", "jwt"], /needs keys/],
    [["--access", "kubernetes"], /needs a cluster/],
    [["--access", "jwt", "--jwt-secret-file", "/nowhere"], /Cannot read the secret in "\/nowhere"/],
    [["--access", "everybody"], /Allowed choices/],
    [["--port", "http"], /whole number/],
    [["--rotation", "soon"], /duration/],
  ];
  for (const [args, message] of table) await assert.rejects(() => optionsFor(args), { message });
});
