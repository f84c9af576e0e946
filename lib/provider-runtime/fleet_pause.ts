/** Pauses of many objects at once, by ConfigMaps that say which. */
import { Observable, share } from "../deps/rxjs.ts";
import {
  type ApiResource,
  keyOf,
  type KubeClient,
  type KubeObject,
  type LabelMatcher,
  labelMatcher,
  reflect,
  SelectorError,
  type WatchHealth,
} from "../kube/mod.ts";

/** Who holds a fleet. */
export interface FleetPauses {
  /** Whether the pauses are known; until then everything is held, and nothing is said about it. */
  readonly known: boolean;
  /** Why an object is paused now, in words; `undefined` when nothing pauses it. */
  pauseOf(object: KubeObject): string | undefined;
  /** Emits whenever `pauseOf` may answer otherwise. Somebody must subscribe for `pauseOf` to know anything. */
  readonly changes$: Observable<void>;
}

/** Options of {@linkcode fleetPauses}. */
export interface FleetPausesOptions {
  /** Where the ConfigMaps are. Default `krateo-system`. */
  readonly namespace?: string;
  /** Called with what is wrong with a ConfigMap, once a version of it. What cannot be read pauses everything. */
  readonly onError?: (message: string) => void;
  /** ms since the epoch, for tests. */
  readonly now?: () => number;
}

/** The label that makes a ConfigMap a pause, with the value `true`. */
export const FLEET_PAUSE_LABEL = "krateo.io/pause";

/** One ConfigMap, read. */
interface FleetPause {
  readonly name: string;
  readonly matches: LabelMatcher;
  /** Empty: all. */
  readonly namespaces: ReadonlySet<string>;
  /** ms since the epoch. */
  readonly until: number;
  readonly reason: string;
}

const CONFIG_MAPS: ApiResource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};
const MAX_TIMER = 2 ** 31 - 1;
const UNKNOWN = "Paused until it is known whether the fleet is";

/**
 * Follows the ConfigMaps that pause a fleet: those labelled `krateo.io/pause: "true"` in the product's namespace.
 *
 *     data:
 *       selector: tier=prod,team in (a,b)   # labels of the objects; empty or absent: all
 *       namespaces: shop,billing            # empty or absent: all
 *       until: "2026-12-01T06:00:00Z"       # absent: until the ConfigMap is deleted
 *       reason: change freeze
 *
 * Deleting or changing one takes effect at once. Until they are known for the first time everything is paused, unless the
 * server refuses to tell them: a process without the right to read them knows no such pauses.
 */
export function fleetPauses(client: KubeClient, options: FleetPausesOptions = {}): FleetPauses {
  const { namespace = "krateo-system", onError = () => {}, now = Date.now } = options;
  const pauses = new Map<string, FleetPause>();
  let known = false;
  const changes$ = new Observable<void>((subscriber) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changed = () => {
      clearTimeout(timer);
      const next = Math.min(...[...pauses.values()].map(({ until }) => until).filter((until) => until > now()));
      if (next !== Infinity) timer = setTimeout(changed, Math.min(next - now(), MAX_TIMER));
      subscriber.next();
    };
    const learn = () => {
      if (known) return;
      known = true;
      changed();
    };
    const onHealth = ({ state, error }: WatchHealth) => {
      if (state === "failing" && (error?.reason === "Forbidden" || error?.reason === "NotFound")) learn();
    };
    const selection = { namespace, labelSelector: `${FLEET_PAUSE_LABEL}=true`, onHealth };
    const subscription = reflect(client.watch<KubeObject>(CONFIG_MAPS, selection)).changes$.subscribe((change) => {
      if (change.type === "synced") return learn();
      if (change.type === "applied") pauses.set(keyOf(change.object), pauseOf(change.object, onError));
      else if (change.type === "deleted") pauses.delete(keyOf(change.object));
      if (known) changed();
    });
    return () => {
      clearTimeout(timer);
      subscription.unsubscribe();
      pauses.clear();
      known = false;
    };
  }).pipe(share());
  return {
    get known() {
      return known;
    },
    changes$,
    pauseOf({ metadata }) {
      if (!known) return UNKNOWN;
      for (const { name, matches, namespaces, until, reason } of pauses.values()) {
        const here = namespaces.size === 0 || namespaces.has(metadata.namespace ?? "");
        if (!here || until <= now() || !matches(metadata.labels ?? {})) continue;
        return `Paused by the ConfigMap "${name}" in namespace "${namespace}"${reason && `: ${reason}`}`;
      }
      return undefined;
    },
  };
}

/** What cannot be read restrains: it must not be taken for permission. */
function pauseOf(configMap: KubeObject, onError: (message: string) => void): FleetPause {
  const { name } = configMap.metadata;
  const data = dataOf(configMap);
  const { selector = "", namespaces = "", until, reason = "" } = data;
  const end = until === undefined || until === "" ? Infinity : Date.parse(until);
  if (Number.isNaN(end)) onError(`ConfigMap "${name}": until is "${until}": write a time such as 2026-12-01T06:00:00Z`);
  return {
    name,
    matches: matcher(name, selector, onError),
    namespaces: new Set(namespaces.split(",").map((part) => part.trim()).filter(Boolean)),
    until: Number.isNaN(end) ? Infinity : end,
    reason,
  };
}

function matcher(name: string, selector: string, onError: (message: string) => void): LabelMatcher {
  try {
    return labelMatcher(selector);
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    onError(`ConfigMap "${name}" pauses everything: ${error.message}`);
    return () => true;
  }
}

function dataOf(configMap: KubeObject): Record<string, string | undefined> {
  const data = configMap["data"];
  return typeof data === "object" && data !== null
    ? Object.fromEntries(Object.entries(data).filter(([, value]) => typeof value === "string"))
    : {};
}
