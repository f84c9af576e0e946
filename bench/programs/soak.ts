/**
 * An operator that works as long as its input is open, and tells every few seconds what it holds.
 *
 * Arguments: a kubeconfig, seconds between two samples. Needs `--v8-flags=--expose-gc`: the heap is measured after a collection,
 * so that what grows is what is kept. Its clock runs twenty times as fast as life: three minutes of it have the back-offs, polls and
 * deadlines of an hour.
 */
const timers = new Set<unknown>();
countTimers();

// After the timers are counted: modules may keep the functions that they find.
const { connect, reflect } = await import("../../lib/kube/mod.ts");
const { defineOperator, startManager, Type } = await import("../../lib/provider-runtime/mod.ts");
const { fastClock } = await import("../../tests/faults/fast_clock.ts");

const [kubeconfig = "", every = "5"] = Deno.args;
const clock = fastClock(20);
const client = await connect({ kubeconfig, clock });
const world = new Map<string, number>();
let reconciles = 0;

const operator = defineOperator({
  group: "example.org",
  version: "v1",
  kind: "Thing",
  scope: "Namespaced",
  spec: Type.Object({ step: Type.Integer() }),
  deterministicName: true,
  connect: () => world,
  observe: async ({ object, spec }) => {
    reconciles++;
    const step = world.get(object.metadata.uid ?? "");
    return step === undefined ? { exists: false } : { exists: true, upToDate: step === spec.step };
  },
  create: async ({ object, spec }) => void world.set(object.metadata.uid ?? "", spec.step),
  update: async ({ object, spec }) => void world.set(object.metadata.uid ?? "", spec.step),
  delete: async ({ object }) => void world.delete(object.metadata.uid ?? ""),
});
const manager = startManager({ controllers: [operator.controller(client, { clock })], clock, drainDeadline: 1_000 });

/** Somebody always comes and goes. */
const configMaps = reflect(
  client.watch({ group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true }),
);
const visits = setInterval(() => {
  const visit = configMaps.changes$.subscribe();
  setTimeout(() => visit.unsubscribe(), 80);
}, 100);
const started = performance.now();
const samples = setInterval(sample, Number(every) * 1_000);

await new Response(Deno.stdin.readable).bytes();
clearInterval(samples);
clearInterval(visits);
await manager.stop();
client.close();

function sample(): void {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect === "function") collect();
  const { heapUsed, rss } = Deno.memoryUsage();
  console.log(JSON.stringify({
    sample: Math.round((performance.now() - started) / 1_000),
    heap: heapUsed / 2 ** 20,
    rss: rss / 2 ** 20,
    sockets: sockets(),
    timers: timers.size,
    reconciles,
    kept: world.size,
  }));
}

/** Open sockets of this process. */
function sockets(): number {
  let count = 0;
  for (const { name } of Deno.readDirSync("/proc/self/fd")) {
    try {
      if (Deno.readLinkSync(`/proc/self/fd/${name}`).startsWith("socket:")) count++;
    } catch (error) {
      // The descriptor of this very listing is gone by now.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return count;
}

/** Counts the timers that are set, of everything in this process. */
function countTimers(): void {
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const counted = (work: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
    const id = set(() => {
      timers.delete(id);
      work(...args);
    }, ms);
    timers.add(id);
    return id;
  };
  Object.assign(globalThis, {
    setTimeout: counted,
    clearTimeout: (id?: number) => {
      timers.delete(id);
      clear(id);
    },
  });
}
