/** One process of several that stand for election: a manager with one managed controller, behind a network that can be cut. */
import {
  type ApiResource,
  createClient,
  elect,
  type Election,
  fence,
  type KubeRequest,
  type KubeResponse,
  type KubeTransport,
  reflect,
} from "../../lib/kube/mod.ts";
import {
  type Conditioned,
  type Controller,
  debounceByKey,
  type ExternalClient,
  MANAGED_FINALIZER,
  managedReconciler,
  type Manager,
  reconcile,
  startManager,
  wishKeys,
} from "../../lib/provider-runtime/mod.ts";
import { Breaker } from "./breaker.ts";
import type { ExternalWorld } from "./external_world.ts";
import { ReplicaClock } from "./replica_clock.ts";

/** What a replica works on. */
export interface Workplace {
  readonly transport: KubeTransport;
  readonly world: ExternalWorld;
  readonly resource: ApiResource;
  readonly namespace: string;
  readonly speed: number;
  readonly random: () => number;
}

/** A running process. */
export class Replica {
  readonly clock: ReplicaClock;
  readonly breaker: Breaker;
  /** No packet comes through in either direction. */
  cut = false;
  readonly election: Election;
  readonly #manager: Manager;

  constructor(readonly name: string, place: Workplace) {
    const { speed, random, namespace } = place;
    this.clock = new ReplicaClock(speed, random);
    this.breaker = new Breaker(place.transport, random);
    const network = this.#network();
    const options = { clock: this.clock, onWarning: () => {} };
    this.election = elect(createClient(network, options), {
      namespace,
      name: "leader",
      identity: name,
      clock: this.clock,
    });
    const client = createClient(fence(network, this.election), options);
    this.#manager = startManager({
      controllers: [this.#controller(client, place)],
      leadership$: this.election.leadership$,
      clock: this.clock,
      drainDeadline: 5_000,
    });
  }

  /** Ends it as SIGTERM does: work is drained, the Lease given up. */
  async stop(): Promise<void> {
    this.clock.thaw();
    await this.#manager.stop();
    await this.election.close();
  }

  /** Ends it as a power cut does. */
  async crash(): Promise<void> {
    this.cut = true;
    await this.stop();
  }

  #network(): KubeTransport {
    const request = async (request: KubeRequest): Promise<KubeResponse> => {
      await this.clock.thawed();
      if (this.cut) throw new TypeError("no route");
      const response = await this.breaker.request(request);
      await this.clock.thawed();
      // The server has heard, and its answer is lost.
      if (this.cut) throw new TypeError("connection reset");
      return { ...response, body: response.body && response.body.pipeThrough(this.#line()) };
    };
    return { request, performRequest: this.breaker.performRequest };
  }

  /** What is read of a connection goes through here. */
  #line(): TransformStream<Uint8Array, Uint8Array> {
    return new TransformStream({
      transform: async (chunk, controller) => {
        await this.clock.thawed();
        if (this.cut) controller.error(new TypeError("connection reset"));
        else controller.enqueue(chunk);
      },
    });
  }

  #controller(client: ReturnType<typeof createClient>, { world, resource, namespace }: Workplace): Controller {
    const things = reflect<Conditioned>(client.watch<Conditioned>(resource, { namespace }));
    const reconciler = managedReconciler<Conditioned>({
      client,
      resource,
      store: things,
      connect: async () => this.#external(world),
      deterministicName: true,
      creationGrace: 0,
      pollInterval: 20_000,
      clock: this.clock,
    });
    const run = ({ drain }: { readonly drain: AbortSignal }) =>
      things.changes$.pipe(
        wishKeys(undefined, MANAGED_FINALIZER),
        debounceByKey({ quiet: 5, maxWait: 100, scheduler: this.clock.scheduler() }),
        reconcile(reconciler, { drain, scheduler: this.clock.scheduler(), random: this.clock.random }),
      );
    return { name: this.name, standby: "warm", run };
  }

  #external(world: ExternalWorld): ExternalClient<Conditioned> {
    const keyOf = ({ metadata }: Conditioned) => metadata.uid ?? "";
    const generationOf = ({ metadata }: Conditioned) => metadata.generation ?? 0;
    const answered = async <R>(work: Promise<R>): Promise<R> => {
      try {
        return await work;
      } finally {
        await this.clock.thawed();
      }
    };
    return {
      observe: async (object) => {
        const there = await answered(Promise.resolve(world.things.get(keyOf(object))));
        if (there === undefined) return { exists: false };
        // A thing that is newer than what this process knows of its object is not to be taken back.
        return { exists: true, upToDate: there.generation >= generationOf(object) };
      },
      create: (object, signal) => answered(world.create(keyOf(object), generationOf(object), this.name, signal)),
      update: (object, _seen, signal) => answered(world.update(keyOf(object), generationOf(object), this.name, signal)),
      delete: (object, signal) => answered(world.delete(keyOf(object), this.name, signal)),
    };
  }
}
