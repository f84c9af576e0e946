/** What is known of the objects that Events are about: asked for once an object, not once an Event. */
import {
  apiVersionOf,
  backoffDelay,
  isKubeError,
  type KubeClient,
  KubeError,
  type KubeObject,
  objectKey,
  parseApiVersion,
  systemClock,
} from "../../lib/kube/mod.ts";
import type { CoreEvent } from "../../sinks/mod.ts";
import { COMPOSITION_ID } from "./api.ts";
import type { ObjectFacts } from "./event.ts";
import { getMetadata } from "./get_metadata.ts";
import { Lru } from "./lru.ts";

/** Names an object. */
export interface ObjectReference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
}

/** How {@linkcode ObjectLookup} was asked, and what it cost. */
export interface LookupCounts {
  /** Answered from memory. */
  hits: number;
  /** Calls of the API server. */
  requests: number;
  /** Objects that could not be read; their Events go out without a composition. */
  failures: number;
}

/** Options of {@linkcode ObjectLookup}. Times in ms. */
export interface LookupOptions {
  /** Objects that are remembered. Default 10,000. */
  readonly capacity?: number;
  /** How long what was read is good. Default 300,000. */
  readonly ttl?: number;
  /** How long an absence is good, and an object without a composition, which may get one. Default 30,000. */
  readonly negativeTtl?: number;
  /** How long an Event waits for its object when the API server does not answer. Default 10,000. */
  readonly patience?: number;
  readonly now?: () => number;
}

const COMPOSITION_GROUP = "composition.krateo.io";
/** Objects that are looked at for one: whoever writes owner references decides how many there are. */
const WALK = 16;
const RETRY = { base: 50, max: 2_000, jitter: 0.5 };

const NOTHING: ObjectFacts = { compositionId: "", labels: {}, annotations: {}, owners: [], exists: false };

/**
 * Finds the composition that an object belongs to: by its own label, by its owners' upwards, or because it is one itself.
 *
 * Only metadata is read. One object is asked for once at a time, however many Events wait for it.
 */
export class ObjectLookup {
  readonly counts: LookupCounts = { hits: 0, requests: 0, failures: 0 };
  readonly #client: KubeClient;
  readonly #options: LookupOptions;
  readonly #known: Lru<ObjectFacts>;
  /** Kinds that this process may not read. */
  readonly #forbidden: Lru<boolean>;
  /** Walks and reads under way, by object. */
  readonly #asked = new Map<string, Promise<ObjectFacts>>();
  readonly #reads = new Map<string, Promise<ObjectFacts>>();

  constructor(client: KubeClient, options: LookupOptions = {}) {
    this.#client = client;
    this.#options = options;
    this.#known = new Lru(options.capacity ?? 10_000, options.now);
    this.#forbidden = new Lru(1_000, options.now);
  }

  /** Facts about an Event's object: at once where they are known. Never rejects. */
  of(event: CoreEvent): ObjectFacts | Promise<ObjectFacts> {
    // Whoever made the Event may know better than a look-up.
    const own = event.metadata.labels?.[COMPOSITION_ID];
    const facts = this.#find(event.involvedObject);
    if (!own) return facts;
    const withOwn = (known: ObjectFacts): ObjectFacts => ({ ...known, compositionId: own });
    return facts instanceof Promise ? facts.then(withOwn) : withOwn(facts);
  }

  #find(reference: ObjectReference): ObjectFacts | Promise<ObjectFacts> {
    if (!reference.kind || !reference.name) return NOTHING;
    if (this.#forbidden.get(kindOf(reference))) return fallback(reference, NOTHING);
    const key = keyOf(reference);
    const known = this.#known.get(key);
    if (known !== undefined) {
      this.counts.hits++;
      return known;
    }
    return once(this.#asked, key, () => this.#ask(key, reference));
  }

  async #ask(key: string, reference: ObjectReference): Promise<ObjectFacts> {
    const { ttl = 300_000, negativeTtl = 30_000 } = this.#options;
    try {
      const facts = await this.#walk(reference, new Set());
      this.#known.set(key, facts, facts.compositionId === "" ? negativeTtl : ttl);
      return facts;
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      this.counts.failures++;
      // It is the same for the next Event, and asking again at once would not help.
      const facts = fallback(reference, NOTHING);
      this.#known.set(key, facts, Math.min(negativeTtl, 5_000));
      return facts;
    }
  }

  /**
   * The facts of an object, its composition by its owners' if need be, the controller first. A walk waits for reads alone and
   * never for another walk: owners in a circle would make two wait for one another.
   */
  async #walk(reference: ObjectReference, visited: Set<string>): Promise<ObjectFacts> {
    const key = keyOf(reference);
    if (visited.has(key) || visited.size >= WALK || !reference.kind || !reference.name) return NOTHING;
    visited.add(key);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#forbidden.get(kindOf(reference))) return fallback(reference, NOTHING);
    const facts = await once(this.#reads, key, () => this.#read(reference));
    if (facts.compositionId !== "") return facts;
    const namespace = reference.namespace;
    for (const owner of facts.owners) {
      const { compositionId } = await this.#walk({ ...owner, ...(namespace && { namespace }) }, visited);
      if (compositionId !== "") return { ...facts, compositionId };
    }
    return facts;
  }

  /** What the object says of itself. */
  async #read(reference: ObjectReference): Promise<ObjectFacts> {
    const object = await this.#get(reference).catch((error: unknown) => {
      if (!isKubeError(error, "Forbidden")) throw error;
      this.counts.failures++;
      this.#forbidden.set(kindOf(reference), true, this.#options.ttl ?? 300_000);
      return undefined;
    });
    if (object === undefined || (reference.uid && object.metadata.uid !== reference.uid)) {
      return fallback(reference, NOTHING);
    }
    const { labels = {}, annotations = {}, ownerReferences = [], uid = "" } = object.metadata;
    const owners = [...ownerReferences]
      .sort((a, b) => Number(b.controller ?? false) - Number(a.controller ?? false))
      .map(({ apiVersion, kind, name, uid }) => ({ apiVersion, kind, name, uid }));
    const compositionId = labels[COMPOSITION_ID] || (isComposition(reference) ? uid : "");
    return { compositionId, labels, annotations, owners, exists: true };
  }

  /** Its metadata; `undefined` where there is no such object, or no such kind. */
  async #get({ apiVersion = "v1", kind = "", namespace, name = "" }: ObjectReference): Promise<KubeObject | undefined> {
    const { patience = 10_000 } = this.#options;
    const deadline = systemClock.now() + patience;
    for (let failures = 1;; failures++) {
      try {
        const resource = await this.#client.discovery.resourceFor(apiVersion, kind);
        if (resource === undefined) return undefined;
        this.counts.requests++;
        return await getMetadata(this.#client, resource, name, namespace, patience);
      } catch (error) {
        if (isKubeError(error, "NotFound")) return undefined;
        if (!isKubeError(error) || !mayPass(error) || systemClock.now() > deadline) throw error;
        await systemClock.sleep(backoffDelay(failures, RETRY, Math.random));
      }
    }
  }
}

/** The promise that is under way, or a new one. */
function once<T>(underWay: Map<string, Promise<T>>, key: string, begin: () => Promise<T>): Promise<T> {
  let promise = underWay.get(key);
  if (promise === undefined) underWay.set(key, promise = begin().finally(() => underWay.delete(key)));
  return promise;
}

/** A composition that is gone still names itself: Events about its deletion are its own. */
function fallback(reference: ObjectReference, facts: ObjectFacts): ObjectFacts {
  return isComposition(reference) && reference.uid ? { ...facts, compositionId: reference.uid } : facts;
}

function isComposition({ apiVersion = "" }: ObjectReference): boolean {
  return parseApiVersion(apiVersion).group === COMPOSITION_GROUP;
}

function kindOf({ apiVersion = "v1", kind = "" }: ObjectReference): string {
  return `${apiVersion} ${kind}`;
}

function keyOf({ apiVersion = "v1", kind = "", namespace, name = "", uid = "" }: ObjectReference): string {
  return `${apiVersionOf(parseApiVersion(apiVersion))} ${kind} ${objectKey(name, namespace)} ${uid}`;
}

/** Whether asking again may help. */
function mayPass(error: KubeError): boolean {
  return error.code === 0 || error.code === 429 || error.code >= 500;
}
