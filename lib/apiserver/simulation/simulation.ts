/** Simulated workloads: what a cluster's controllers and nodes would report, without running anything. */
import type { KubeObject } from "../../kube/mod.ts";
import type { Core } from "../core.ts";
import type { Work } from "../lifecycle/mod.ts";
import type { Commit, Entry } from "../storage/mod.ts";
import { CLAIMS, simulateClaim } from "./claims.ts";
import { Cluster, controllerOf } from "./cluster.ts";
import { DEPLOYMENTS, simulateDeployment } from "./deployments.ts";
import { JOBS, simulateJob } from "./jobs.ts";
import { DAEMON_SETS, simulateDaemonSet, simulateStatefulSet, STATEFUL_SETS } from "./ordered_sets.ts";
import { PODS, simulatePod } from "./pods.ts";
import { REPLICA_SETS, simulateReplicaSet } from "./replica_sets.ts";

type Controller = (cluster: Cluster, object: KubeObject) => void;

const CONTROLLERS: Readonly<Record<string, Controller>> = {
  [CLAIMS]: simulateClaim,
  [DAEMON_SETS]: simulateDaemonSet,
  [DEPLOYMENTS]: simulateDeployment,
  [JOBS]: simulateJob,
  [PODS]: simulatePod,
  [REPLICA_SETS]: simulateReplicaSet,
  [STATEFUL_SETS]: simulateStatefulSet,
};

/** Where the controller of an object is, by its kind. */
const OWNERS: Readonly<Record<string, string>> = {
  DaemonSet: DAEMON_SETS,
  Deployment: DEPLOYMENTS,
  Job: JOBS,
  ReplicaSet: REPLICA_SETS,
  StatefulSet: STATEFUL_SETS,
};

/** Reacts to commits: each object, and whoever controls it, is looked at again. */
export class Simulation {
  readonly #core: Core;
  readonly #work: Work;
  readonly #cluster: Cluster;

  /** @param delay ms before a Pod or claim is ready. */
  constructor(core: Core, work: Work, delay: number) {
    this.#core = core;
    this.#work = work;
    this.#cluster = new Cluster(core, work, delay);
  }

  /** Takes up what was there before. */
  load(): void {
    for (const resource of Object.keys(CONTROLLERS)) {
      for (const entry of this.#core.store.collection(resource).list()) this.#schedule(resource, entry);
    }
  }

  /** Takes note of a commit of any resource. */
  observe({ resource, type, entry }: Commit): void {
    if (!Object.hasOwn(CONTROLLERS, resource)) return;
    if (type !== "DELETED") this.#schedule(resource, entry);
    const owner = controllerOf(entry.object);
    const ownerResource = owner === undefined ? undefined : OWNERS[owner.kind];
    if (owner === undefined || ownerResource === undefined) return;
    const found = this.#core.store.get(ownerResource, entry.namespace, owner.name);
    if (found?.object.metadata.uid === owner.uid) this.#schedule(ownerResource, found);
  }

  close(): void {
    this.#cluster.close();
  }

  #schedule(resource: string, { namespace, name }: Entry): void {
    this.#work.schedule(`simulation ${resource} ${namespace}/${name}`, () => {
      const object = this.#cluster.get(resource, namespace, name);
      if (object !== undefined) CONTROLLERS[resource]?.(this.#cluster, object);
    });
  }
}
