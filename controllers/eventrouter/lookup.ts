/** What is known of the objects that Events are about: asked for once an object, not once an Event. */
import {
  apiVersionOf,
  backoffDelay,
  isKubeError,
  type KubeClient,
  KubeError,
  type KubeObject,
  objectKey,
  type OwnerReference,
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
/** Owners above an object that are looked at; a circle of owners ends here as well. */
const DEPTH = 8;
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
  readonly #asked = new Map<string, Promise<ObjectFacts>>();

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
    const facts = this.#find(event.involvedObject, 0);
    if (!own) return facts;
    const withOwn = (known: ObjectFacts): ObjectFacts => ({ ...known, compositionId: own });
    return facts instanceof Promise ? facts.then(withOwn) : withOwn(facts);
  }

  #find(reference: ObjectReference, depth: number): ObjectFacts | Promise<ObjectFacts> {
    if (!reference.kind || !reference.name || depth > DEPTH) return NOTHING;
    if (this.#forbidden.get(kindOf(reference))) return fallback(reference, NOTHING);
    const key = keyOf(reference);
    const known = this.#known.get(key);
    if (known !== undefined) {
      this.counts.hits++;
      return known;
    }
    const asked = this.#asked.get(key) ?? this.#ask(key, reference, depth).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    return asked;
  }

  async #ask(key: string, reference: ObjectReference, depth: number): Promise<ObjectFacts> {
    const { ttl = 300_000, negativeTtl = 30_000 } = this.#options;
    try {
      const facts = await this.#read(reference, depth);
      this.#known.set(key, facts, facts.compositionId === "" ? negativeTtl : ttl);
      return facts;
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      this.counts.failures++;
      if (error.reason === "Forbidden") this.#forbidden.set(kindOf(reference), true, ttl);
      // It is the same for the next Event, and asking again at once would not help.
      const facts = fallback(reference, NOTHING);
      this.#known.set(key, facts, Math.min(negativeTtl, 5_000));
      return facts;
    }
  }

  async #read(reference: ObjectReference, depth: number): Promise<ObjectFacts> {
    const object = await this.#get(reference);
    if (object === undefined || (reference.uid && object.metadata.uid !== reference.uid)) {
      return fallback(reference, NOTHING);
    }
    const { labels = {}, annotations = {}, ownerReferences = [], uid = "" } = object.metadata;
    const owners = ownerReferences.map(({ apiVersion, kind, name, uid }) => ({ apiVersion, kind, name, uid }));
    const facts = { compositionId: labels[COMPOSITION_ID] ?? "", labels, annotations, owners, exists: true };
    if (facts.compositionId !== "") return facts;
    if (isComposition(reference)) return { ...facts, compositionId: uid };
    return { ...facts, compositionId: await this.#ofOwners(ownerReferences, object.metadata.namespace, depth) };
  }

  /** The controller's first, then the others' in their order. */
  async #ofOwners(owners: readonly OwnerReference[], namespace: string | undefined, depth: number): Promise<string> {
    const sorted = [...owners].sort((a, b) => Number(b.controller ?? false) - Number(a.controller ?? false));
    for (const owner of sorted) {
      const { compositionId } = await this.#find({ ...owner, ...(namespace && { namespace }) }, depth + 1);
      if (compositionId !== "") return compositionId;
    }
    return "";
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
