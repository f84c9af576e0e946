/** Leader election over a `coordination.k8s.io/v1` Lease. */
import { BehaviorSubject, distinctUntilChanged, type Observable } from "../deps/rxjs.ts";
import type { KubeClient } from "./client_types.ts";
import { type Clock, elapsed, systemClock } from "./clock.ts";
import { isKubeError } from "./errors.ts";
import { microTime } from "./events.ts";
import type { ApiResource, KubeObject } from "./types.ts";

/** Options of {@linkcode elect}. Times in ms; `leaseDuration` > `renewDeadline` > `retryPeriod`. */
export interface ElectionOptions {
  readonly namespace: string;
  readonly name: string;
  /** This candidate, unique among all, e.g. the pod's name. */
  readonly identity: string;
  /** How long others wait for a leader that they do not hear of. Default 15,000. */
  readonly leaseDuration?: number;
  /** How long a leader goes on that cannot renew. Default 10,000. */
  readonly renewDeadline?: number;
  /** Between two looks at the Lease. Default 2,000. */
  readonly retryPeriod?: number;
  /** Called with what went wrong at the Lease, conflicts left out: losing a race is no failure. */
  readonly onError?: (error: unknown) => void;
  readonly clock?: Clock;
}

/** Who leads. */
export interface Leadership {
  readonly leading: boolean;
  /** Who leads, as far as is known. */
  readonly holder: string | undefined;
  /** Grows with each change of the leader: what is written with an older one comes from a leader that was. */
  readonly fence: number;
}

/** One moment on both clocks. */
interface Moment {
  readonly now: number;
  readonly elapsed: number;
}

/** A candidacy. */
export interface Election {
  readonly current: Leadership;
  /**
   * Whether this candidate may act now: it leads, and its time is not over. Sharper than `current`, which a process that was
   * suspended still believes in until its timers come to say otherwise.
   */
  readonly holds: boolean;
  /** The current leadership, then each change of it. */
  readonly leadership$: Observable<Leadership>;
  /** Ends the candidacy and gives the Lease up, so that the next leader need not wait. */
  close(): Promise<void>;
}

interface Lease extends KubeObject {
  spec?: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}

const LEASES: ApiResource = {
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  namespaced: true,
};

/**
 * Stands for election.
 *
 * At most one candidate leads at a time, whatever the clocks of the others say: a Lease counts as abandoned only when this
 * candidate itself, awake, has seen it unchanged for `leaseDuration`, and a leader that cannot renew stops after `renewDeadline`,
 * before anybody else may begin. Setting the computer's clock changes neither.
 */
export function elect(client: KubeClient, options: ElectionOptions): Election {
  return new Candidate(client, options);
}

class Candidate implements Election {
  readonly leadership$: Observable<Leadership>;
  readonly #client: KubeClient;
  readonly #options: ElectionOptions;
  readonly #clock: Clock;
  readonly #state = new BehaviorSubject<Leadership>({ leading: false, holder: undefined, fence: 0 });
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  readonly #leaseDuration: number;
  readonly #renewDeadline: number;
  /** The version of the Lease that was last seen, and when it was first seen. */
  #seen: { readonly resourceVersion: string | undefined; readonly at: number } | undefined;
  #renewed: Moment = { now: -Infinity, elapsed: -Infinity };

  constructor(client: KubeClient, options: ElectionOptions) {
    this.#client = client;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#leaseDuration = options.leaseDuration ?? 15_000;
    this.#renewDeadline = options.renewDeadline ?? 10_000;
    const retryPeriod = options.retryPeriod ?? 2_000;
    if (this.#renewDeadline >= this.#leaseDuration || retryPeriod >= this.#renewDeadline) {
      throw new RangeError(
        `Cannot stand for election: leaseDuration ${this.#leaseDuration} must exceed renewDeadline ` +
          `${this.#renewDeadline}, and that retryPeriod ${retryPeriod}`,
      );
    }
    this.leadership$ = this.#state.pipe(
      distinctUntilChanged((a, b) => a.leading === b.leading && a.holder === b.holder && a.fence === b.fence),
    );
    this.#done = this.#run(retryPeriod);
  }

  get current(): Leadership {
    return this.#state.value;
  }

  get holds(): boolean {
    return this.current.leading && this.#left() > 0;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
    if (this.current.leading) {
      const { fence } = this.current;
      this.#state.next({ leading: false, holder: undefined, fence });
      await this.#release().catch((error) => this.#options.onError?.(error));
    }
    this.#state.complete();
  }

  async #run(retryPeriod: number): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#round();
      // Spread, so that candidates do not all ask at once.
      const wait = retryPeriod * (this.current.leading ? 1 : 1 + 0.2 * this.#clock.random());
      await this.#sleep(wait);
    }
  }

  /**
   * Waits. Time that this process stood still in meanwhile does not count as time for which the Lease was seen unchanged: its leader may
   * have stood still for the same reason, such as a machine that is short of processors, and be about to go on.
   */
  async #sleep(ms: number): Promise<void> {
    const started = elapsed(this.#clock);
    await this.#clock.sleep(ms, this.#stop.signal);
    const overslept = elapsed(this.#clock) - started - ms;
    if (this.#seen !== undefined && overslept > 0) this.#seen = { ...this.#seen, at: this.#seen.at + overslept };
  }

  async #round(): Promise<void> {
    // A process that stood still for too long ends what it was at before anything else.
    if (this.#left() <= 0) this.#resign();
    const round = new AbortController();
    const timer = new AbortController();
    const stop = () => round.abort(this.#stop.signal.reason);
    this.#stop.signal.addEventListener("abort", stop);
    // A leader gives the round up when its time is over, whether or not the server has answered.
    const left = this.current.leading ? this.#left() : this.#renewDeadline;
    const expired = this.#clock.sleep(Math.max(left, 0), timer.signal).then(() => {
      if (timer.signal.aborted) return;
      this.#resign();
      round.abort(new DOMException("the lease was not renewed in time", "TimeoutError"));
    });
    try {
      await this.#acquireOrRenew(round.signal);
    } catch (error) {
      if (!isKubeError(error, "Conflict", "AlreadyExists") && !this.#stop.signal.aborted) {
        this.#options.onError?.(error);
      }
    } finally {
      timer.abort();
      await expired;
      this.#stop.signal.removeEventListener("abort", stop);
      if (this.#left() <= 0) this.#resign();
    }
  }

  /** ms until a leader must stop: by the clock that says so first, as one of them stands still while a machine is suspended. */
  #left(): number {
    const { now, elapsed } = this.#moment();
    return this.#renewDeadline - Math.max(now - this.#renewed.now, elapsed - this.#renewed.elapsed);
  }

  #moment(): Moment {
    return { now: this.#clock.now(), elapsed: elapsed(this.#clock) };
  }

  #resign(): void {
    const { leading, fence } = this.current;
    if (leading) this.#state.next({ leading: false, holder: undefined, fence });
  }

  async #acquireOrRenew(signal: AbortSignal): Promise<void> {
    const { identity, name, namespace } = this.#options;
    const started = this.#moment();
    const lease = await this.#client.find<Lease>(LEASES, name, namespace, { signal });
    if (lease === undefined) {
      const created = await this.#client.create<Lease>(LEASES, this.#claim(undefined, started), { signal });
      return this.#lead(created, started);
    }
    if (this.#seen === undefined || this.#seen.resourceVersion !== lease.metadata.resourceVersion) {
      this.#seen = { resourceVersion: lease.metadata.resourceVersion, at: elapsed(this.#clock) };
    }
    const holder = lease.spec?.holderIdentity || undefined;
    const duration = Math.max((lease.spec?.leaseDurationSeconds ?? 0) * 1000, this.#leaseDuration);
    // As of when it was asked for: what happened to this process meanwhile says nothing about the Lease.
    const alive = holder !== undefined && started.elapsed - this.#seen.at < duration;
    if (holder !== identity && alive) {
      this.#state.next({ leading: false, holder, fence: lease.spec?.leaseTransitions ?? 0 });
      return;
    }
    const claimed = await this.#client.replace<Lease>(LEASES, this.#claim(lease, started), { signal });
    this.#lead(claimed, started);
  }

  /** Time counts from before the request was sent: others count from after it arrived. */
  #lead(lease: Lease, since: Moment): void {
    this.#renewed = since;
    this.#seen = { resourceVersion: lease.metadata.resourceVersion, at: since.elapsed };
    if (this.#left() <= 0) return;
    const { identity } = this.#options;
    this.#state.next({ leading: true, holder: identity, fence: lease.spec?.leaseTransitions ?? 0 });
  }

  #claim(lease: Lease | undefined, { now }: Moment): Lease {
    const { identity, name, namespace } = this.#options;
    const mine = lease?.spec?.holderIdentity === identity;
    // A process that lost its memory is a new leader, though its name is the old one's.
    const renewal = mine && this.current.leading;
    const spec = {
      ...lease?.spec,
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(this.#leaseDuration / 1000),
      renewTime: microTime(now),
      ...(!renewal && {
        acquireTime: microTime(now),
        leaseTransitions: lease === undefined ? 0 : (lease.spec?.leaseTransitions ?? 0) + 1,
      }),
    };
    const metadata = lease?.metadata ?? { name, namespace };
    return { ...lease, apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec };
  }

  async #release(): Promise<void> {
    const { identity, name, namespace } = this.#options;
    const lease = await this.#client.find<Lease>(LEASES, name, namespace);
    if (lease?.spec?.holderIdentity !== identity) return;
    const spec = {
      ...lease.spec,
      holderIdentity: "",
      leaseDurationSeconds: 1,
      renewTime: microTime(this.#clock.now()),
    };
    await this.#client.replace<Lease>(LEASES, { ...lease, spec });
  }
}
