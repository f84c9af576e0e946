/**
 * Two managers that stand for election while everything around them breaks: each external resource is created, changed and
 * deleted once, whoever leads.
 *
 *     deno task faults --suite leaders [--runs 200] [--seconds 60] [--seed 1]
 *
 * A run lasts 60 s of the managers' clock, which runs a hundred times as fast as life. Meanwhile networks are cut (also with
 * the answer under way), requests fail, processes are suspended, end and crash, and wall clocks are set. A process is not
 * suspended within an action to the external system: nothing but that system itself could fence it then.
 */
import { startApiServer } from "../../lib/apiserver/mod.ts";
import { type ApiResource, createClient, isKubeError, type KubeClient, type KubeObject } from "../../lib/kube/mod.ts";
import { ANNOTATION, type Conditioned } from "../../lib/provider-runtime/mod.ts";
import { defineKind, NAMESPACES, thing, THINGS } from "../support/kinds.ts";
import { seeded } from "./chance.ts";
import { ExternalWorld } from "./external_world.ts";
import { Replica, type Workplace } from "./replica.ts";
import type { FaultOptions } from "./suite.ts";

const SPEED = 100;
/** s of the managers' clock after which what is not done counts as lost. */
const PATIENCE = 1_500;

/** What one run came to. */
interface Verdict {
  readonly doubled: readonly string[];
  readonly lost: readonly string[];
  readonly actions: number;
  /** Changes of the leader. */
  readonly terms: number;
}

/** Runs the suite. */
export async function run({ seed, runs = 200, seconds = 60, target }: FaultOptions): Promise<number> {
  if (target !== "embedded") throw new RangeError("the leaders suite has no other target than the embedded server");
  const server = await startApiServer();
  const direct = createClient(server.transport);
  await defineKind(direct, THINGS);
  let [doubled, lost, actions, terms] = [0, 0, 0, 0];
  for (let number = 0; number < runs; number++) {
    const verdict = await runOnce(direct, seed * 10_000 + number, seconds);
    for (const problem of [...verdict.doubled, ...verdict.lost]) console.error(`run ${number}: ${problem}`);
    doubled += verdict.doubled.length;
    lost += verdict.lost.length;
    actions += verdict.actions;
    terms += verdict.terms;
    if ((number + 1) % 20 === 0 || number + 1 === runs) {
      console.error(`${number + 1} runs: ${actions} actions in ${terms} terms of office`);
    }
  }
  await server.close();
  console.log(`leaders: ${runs} runs, ${doubled} doubled, ${lost} lost`);
  return doubled + lost === 0 && actions > 0 && terms > runs ? 0 : 1;
}

async function runOnce(direct: KubeClient, seed: number, seconds: number): Promise<Verdict> {
  const random = seeded(seed);
  const namespace = `run-${seed}`;
  await direct.create(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const world = new ExternalWorld(() => pause(random() < 0.2 ? 10_000 + random() * 20_000 : 50 + random() * 3_000));
  const place: Workplace = { transport: direct.transport, world, resource: THINGS, namespace, speed: SPEED, random };
  const replicas = [new Replica("a", place), new Replica("b", place)];
  const stopping: Promise<void>[] = [];
  const replace = (index: number, name: string, end: (replica: Replica) => Promise<void>) => {
    const replica = replicas[index];
    if (replica === undefined) return;
    stopping.push(end(replica));
    replicas[index] = new Replica(name, place);
  };

  const end = performance.now() + seconds * 1_000 / SPEED;
  for (let step = 0; performance.now() < end; step++) {
    await change(direct, namespace, random, step);
    const index = Math.floor(random() * replicas.length);
    const replica = replicas[index];
    const fault = random();
    if (replica === undefined) continue;
    if (fault < 0.10) replica.cut = !replica.cut;
    else if (fault < 0.16) await suspend(replica, world);
    else if (fault < 0.26) replica.clock.thaw();
    else if (fault < 0.30) replica.clock.offset += (random() - 0.5) * 7_200_000;
    else if (fault < 0.33) replace(index, `${replica.name}'`, (old) => old.stop());
    else if (fault < 0.36) replace(index, `${replica.name}'`, (old) => old.crash());
    else if (fault < 0.46) replica.breaker.broken = !replica.breaker.broken;
    await pause(100 + random() * 900);
  }
  for (const replica of replicas) {
    replica.cut = replica.breaker.broken = false;
    replica.clock.thaw();
  }
  const lost = await settled(direct, namespace, world);
  await Promise.all([...stopping, ...replicas.map((replica) => replica.stop())]);
  const terms = await termsOf(direct, namespace);
  return { doubled: world.doubled, lost, actions: world.actions, terms };
}

/** Suspends a process, but not within an action, nor between its last look at the Lease and the action that follows at once. */
async function suspend(replica: Replica, world: ExternalWorld): Promise<void> {
  replica.clock.freeze();
  await pause(0);
  if (world.isBusyWith(replica.name)) replica.clock.thaw();
}

/** Creates, changes or deletes one of a few objects. */
async function change(direct: KubeClient, namespace: string, random: () => number, step: number): Promise<void> {
  const name = `t${Math.floor(random() * 20)}`;
  if (random() < 0.25) await direct.delete(THINGS, name, namespace);
  else {
    try {
      await direct.apply(THINGS, thing({ name, namespace }, { step }), { force: true });
    } catch (error) {
      // It is being deleted, or was just now: the next step brings another.
      if (!isKubeError(error, "Conflict", "NotFound")) throw error;
    }
  }
}

/** Waits until the world is as the objects want it; what is not in time is lost. */
async function settled(direct: KubeClient, namespace: string, world: ExternalWorld): Promise<string[]> {
  const deadline = performance.now() + PATIENCE * 1_000 / SPEED;
  for (;;) {
    const { items } = await direct.list<Conditioned>(THINGS, { namespace });
    const problems = items.flatMap((thing) => wrongWith(thing, world));
    const wanted = new Set(items.map((thing) => thing.metadata.uid));
    for (const uid of world.things.keys()) if (!wanted.has(uid)) problems.push(`${uid} is left over`);
    if (problems.length === 0 || performance.now() > deadline) return problems;
    await pause(500);
  }
}

function wrongWith({ metadata }: Conditioned, world: ExternalWorld): string[] {
  const { name, uid = "", generation = 0 } = metadata;
  if (metadata.deletionTimestamp !== undefined) {
    return [`${name} is not deleted: ${JSON.stringify(metadata.annotations)}`];
  }
  const there = world.things.get(uid)?.generation;
  if (there === undefined) return [`${name} was never created (${metadata.annotations?.[ANNOTATION.createPending]})`];
  return there === generation ? [] : [`${name} is at generation ${there}, not ${generation}`];
}

async function termsOf(direct: KubeClient, namespace: string): Promise<number> {
  const leases: ApiResource = {
    group: "coordination.k8s.io",
    version: "v1",
    kind: "Lease",
    plural: "leases",
    namespaced: true,
  };
  const lease = await direct.find<KubeObject>(leases, "leader", namespace);
  return 1 + Number(Object(lease?.["spec"]).leaseTransitions ?? -1);
}

/** Waits `ms` of the managers' clock. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms / SPEED));
}
