/** Event streams to thousands of clients, beside a plain broadcaster on Go's net/http. */
import { parseArgs } from "node:util";
import { NATS_PROGRAM, startNats } from "../tests/e2e/support/nats.ts";
import type { Benchmark, Figure } from "./run.ts";
import { startPeer } from "./support/peers.ts";
import { type Program, startOurs } from "./support/program.ts";

/** Deliveries of one burst, whatever the number of clients. */
const BURST = 2_000_000;
/** Events in one publication of a burst. */
const BATCH = 100;
/** Clients of both replicas together. */
const SHARED = 2_000;

const benchmark: Benchmark = {
  description:
    "Deliveries, latency and memory of event streams to 1,000, 5,000 and 10,000 clients, which are another process; " +
    "beside Go's net/http (--clients 1000,5000,10000, --seconds 5)",
  rounds: 1,
  warmUp: 0,
  round: async (args) => {
    const options = {
      clients: { type: "string", default: "1000,5000,10000" },
      seconds: { type: "string", default: "5" },
    } as const;
    const { values } = parseArgs({ args: [...args], options, strict: false });
    const seconds = Number(values.seconds);
    const figures: Figure[] = [];
    for (const clients of String(values.clients).split(",").map(Number)) {
      figures.push(...await measure("Go net/http", await startPeer("sse"), clients, seconds));
      figures.push(...await measure("kco", startOurs("sse"), clients, seconds));
    }
    if (NATS_PROGRAM !== undefined) figures.push(...await replicas(seconds));
    return figures;
  },
};
export default benchmark;

/** What the load reports about one command. Times in ms. */
interface Report {
  readonly perSecond: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly lost: number;
  readonly duplicated: number;
}

async function measure(of: string, server: Program, clients: number, seconds: number): Promise<Figure[]> {
  await using running = server;
  const port = await running.number("listening");
  await using load = await startPeer("sseload", [`127.0.0.1:${port}`]);
  const named = (name: string, value: number, unit: string): Figure => ({
    name: `${clients} clients: ${name}`,
    of,
    value,
    unit,
  });

  const before = (await running.usage()).memory;
  await load.tell(`open ${clients}`);
  const opened = await answer(load, "opened");
  const memory = (await running.usage()).memory - before;
  const figures = [
    named("connections", clients / Number(opened["seconds"]), "1/s"),
    named("memory of an open client", memory * 1_024 / clients, "KiB"),
  ];
  await told(load, "paced", 50, 1); // both compile while they run
  const paced = await told(load, "paced", 50, seconds);
  figures.push(
    named("paced 50/s, deliveries", paced.perSecond, "1/s"),
    named("paced 50/s, p50", paced.p50, "ms"),
    named("paced 50/s, p99", paced.p99, "ms"),
  );
  const one = await told(load, "burst", 1, 1);
  figures.push(named("one event to all, p99", one.p99, "ms"));
  const burst = await told(load, "burst", Math.round(BURST / clients), BATCH);
  figures.push(
    named("burst, deliveries", burst.perSecond, "1/s"),
    named("lost or duplicated so far", burst.lost + burst.duplicated, "events"),
  );
  if (of === "kco") {
    const missed = await told(load, "missed", 100);
    figures.push(
      named("all reconnect and get 100 missed events each", missed.seconds, "s"),
      named("lost by then", missed.lost, "events"),
      named("duplicated by then", missed.duplicated, "events"),
    );
  }
  return figures;
}

/** Two replicas over JetStream: everything is published to the first, half of the clients are at the second. */
async function replicas(seconds: number): Promise<Figure[]> {
  await using nats = await startNats();
  await using one = startOurs("sse", ["--nats", nats.url]);
  await using two = startOurs("sse", ["--nats", nats.url]);
  const ports = await Promise.all([one.number("listening"), two.number("listening")]);
  await using load = await startPeer("sseload", ports.map((port) => `127.0.0.1:${port}`));
  await load.tell(`open ${SHARED}`);
  await answer(load, "opened");
  const named = (name: string, value: number, unit: string): Figure => ({
    name: `two replicas, ${SHARED} clients: ${name}`,
    value,
    unit,
  });
  await told(load, "paced", 10, 1);
  const paced = await told(load, "paced", 10, seconds);
  const burst = await told(load, "burst", 500, BATCH);
  const missed = await told(load, "missed", 100);
  return [
    named("paced 10/s, p50", paced.p50, "ms"),
    named("paced 10/s, p99", paced.p99, "ms"),
    named("burst, deliveries", burst.perSecond, "1/s"),
    named("all reconnect and get 100 missed events each", missed.seconds, "s"),
    named("lost", missed.lost, "events"),
    named("duplicated", missed.duplicated, "events"),
  ];
}

async function told(load: Program, command: string, ...numbers: readonly number[]): Promise<Report> {
  await load.tell([command, ...numbers].join(" "));
  return (await answer(load, command))[command] as Report; // the shape that bench/peers/sseload prints
}

/** The load's answer; it says `failed` where it could not do what it was told. */
async function answer(load: Program, name: string): Promise<Readonly<Record<string, unknown>>> {
  const line = await load.line("command");
  if (line["failed"] !== undefined) throw new Error(`Cannot measure "${name}": ${line["failed"]}`);
  return line;
}
