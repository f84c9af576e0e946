/**
 * Clients of the event server that leave, stop reading and come back, and a server that is killed, by seed: every client gets every
 * event that it wants once and in order, or is told by a `reset` that something may be missing.
 *
 * Two scenes share the time: events on disk, where a killed server loses nothing and no client may ever be reset; and events in a
 * memory that is too small, where clients who are away for long must be told.
 */
import { FollowingClient } from "./sse_client.ts";
import { KilledServer } from "./sse_server.ts";
import { seeded } from "./chance.ts";
import type { FaultOptions } from "./suite.ts";

/** Compositions that events belong to in turn. */
const COMPOSITIONS = 3;
const CLIENTS = 24;
/** s of both scenes together. */
const SECONDS = 30;
/** ms that clients have at the end to get what is left. */
const PATIENCE = 20_000;
/** Bytes of events in the memory that is too small: about fifty of them. */
const SMALL = 64 * 1024;

interface Scene {
  readonly name: string;
  readonly args: readonly string[];
  readonly mayReset: boolean;
}

/** Runs both scenes; 1 where a client got what it should not, or did not get what it should. */
export async function run({ seed, seconds = SECONDS }: FaultOptions): Promise<number> {
  const random = seeded(seed);
  const data = await Deno.makeTempDir({ prefix: "kco-faults-sse-" });
  const scenes: readonly Scene[] = [
    { name: "on disk", args: ["--data", data], mayReset: false },
    { name: "in a small memory", args: ["--max-bytes", String(SMALL)], mayReset: true },
  ];
  let complaints = 0;
  const lines: string[] = [];
  try {
    for (const scene of scenes) {
      const { line, found } = await play(scene, random, seconds * 1_000 / scenes.length);
      lines.push(line);
      for (const complaint of found) console.error(`${scene.name}: ${complaint}`);
      complaints += found.length;
    }
  } finally {
    await Deno.remove(data, { recursive: true });
  }
  console.log(`faults sse, seed ${seed}: ${lines.join("; ")}; ${complaints} complaints`);
  return complaints === 0 ? 0 : 1;
}

async function play(scene: Scene, random: () => number, ms: number) {
  await using server = await KilledServer.start(scene.args);
  const clients = Array.from({ length: CLIENTS }, (_, index) => {
    const wanted = index % (COMPOSITIONS + 1); // one of them wants all
    return new FollowingClient(server.url, random, wanted === COMPOSITIONS ? undefined : wanted, COMPOSITIONS);
  });
  for (const client of clients) client.start();
  await until(() => clients.every(({ connections }) => connections > 0));

  let published = 0;
  let kills = 0;
  const deadline = performance.now() + ms;
  while (performance.now() < deadline) {
    const chance = random();
    if (chance < 0.03) {
      kills++;

      await server.restart(random() < 0.7 ? "SIGKILL" : "SIGTERM");
    }
    for (let left = Math.floor(random() * 30); left > 0; left--) await publish(server.url, ++published, COMPOSITIONS);
    for (const client of clients) {
      const fault = random();
      if (fault < 0.04) client.disconnect();
      else if (fault < 0.06) client.stall(random() * 1_500);
    }
    await new Promise((resolve) => setTimeout(resolve, random() * 80));
  }
  // One for everybody at the end, so that there is something to wait for.
  for (let last = 0; last < COMPOSITIONS; last++) await publish(server.url, ++published, COMPOSITIONS);
  await until(() => clients.every((client) => client.hasUpTo(published)));
  const found = clients.flatMap((client) => client.complaints(published, scene.mayReset));
  for (const client of clients) await client.stop();
  const sum = (of: (client: FollowingClient) => number) => clients.reduce((total, client) => total + of(client), 0);
  const line = `${scene.name} ${published} events, ${kills} kills, ${sum((c) => c.connections)} connections, ` +
    `${sum((c) => c.received)} deliveries, ${sum((c) => c.resets)} resets`;
  return { line, found };
}

/** Sends an event until it is taken: who does not hear the answer sends it again, as the event router does. */
async function publish(url: string, number: number, compositions: number): Promise<void> {
  const uid = `fault-${number}`;
  const labels = { "krateo.io/composition-id": `c${number % compositions}` };
  const body = JSON.stringify({
    metadata: { uid, resourceVersion: "1", labels },
    message: String(number).padEnd(600, "."),
  });
  for (;;) {
    try {
      const response = await fetch(`${url}/handle`, {
        method: "POST",
        body,
        headers: { "Content-Type": "application/json" },
      });
      const text = await response.text();
      if (response.ok) return;
      if (response.status < 500) throw new RangeError(`The event was refused: ${text}`);
    } catch (error) {
      if (error instanceof RangeError) throw error;
      // Nobody is there at the moment.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Resolves when a condition holds, or after a while: what is wrong then is said by the clients. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (!condition() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
}
