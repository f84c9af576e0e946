/** The router's settings from the environment: the original's variables, and those that it lacked. */
import { parseDuration } from "../../lib/provider-runtime/mod.ts";
import type { EventApi } from "./source.ts";

/** Settings of one router. Times in ms. */
export interface RouterSettings {
  readonly api: EventApi;
  /** Namespaces of which Events are read; all when empty. */
  readonly namespaces: readonly string[];
  /** Certificates of `spec.endpoint` are not verified. */
  readonly insecure: boolean;
  /** Events that happened longer ago are left out; 0 for none. */
  readonly maxAge: number;
  /** Name that Events are given for their cluster. */
  readonly cluster?: string;
  /** For checkpoint and queues; without one, positions are kept in a ConfigMap and queues in memory alone. */
  readonly directory?: string;
  /** Namespace of the router itself: of its ConfigMap, and of Secrets that a reference gives no namespace for. */
  readonly ownNamespace: string;
  /** Between two looks at what is to be written. */
  readonly interval: number;
}

/**
 * Reads `EVENT_ROUTER_*`. What cannot be read counts as not set, as in the original, and is named in `onInvalid`.
 *
 * | variable | what | default |
 * |---|---|---|
 * | `EVENT_ROUTER_NAMESPACE` | namespaces, separated by commas | all |
 * | `EVENT_ROUTER_INSECURE` | do not verify certificates of `spec.endpoint` | `false` |
 * | `EVENT_ROUTER_THROTTLE_PERIOD` | Events that happened longer ago are left out | `0s`: none are |
 * | `EVENT_ROUTER_API` | `v1` or `events.k8s.io/v1` | `v1` |
 * | `EVENT_ROUTER_CLUSTER` | name of the cluster | |
 * | `EVENT_ROUTER_DIRECTORY` | for checkpoint and spilled queues | ConfigMap, no spilling |
 * | `EVENT_ROUTER_INTERVAL` | between two writes of the checkpoint | `1s` |
 */
export function routerSettings(
  environment: (name: string) => string | undefined,
  ownNamespace: string,
  onInvalid: (name: string, value: string) => void,
): RouterSettings {
  const read = <T>(name: string, parse: (text: string) => T | undefined): T | undefined => {
    const text = environment(`EVENT_ROUTER_${name}`);
    if (text === undefined || text === "") return undefined;
    const value = parse(text);
    if (value === undefined) onInvalid(`EVENT_ROUTER_${name}`, text);
    return value;
  };
  const cluster = read("CLUSTER", (text) => text);
  const directory = read("DIRECTORY", (text) => text);
  return {
    api: read("API", (text) => APIS.find((api) => api === text)) ?? "v1",
    namespaces: read("NAMESPACE", (text) => text.split(",").map((name) => name.trim()).filter(Boolean)) ?? [],
    insecure: read("INSECURE", parseBoolean) ?? false,
    maxAge: read("THROTTLE_PERIOD", parseDuration) ?? 0,
    ...(cluster !== undefined && { cluster }),
    ...(directory !== undefined && { directory }),
    ownNamespace,
    interval: read("INTERVAL", (text) => parseDuration(text) || undefined) ?? 1_000,
  };
}

const APIS: readonly EventApi[] = ["v1", "events.k8s.io/v1"];

/** As Go's `strconv.ParseBool`. */
function parseBoolean(text: string): boolean | undefined {
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
  if (/^(0|f|F|false|FALSE|False)$/.test(text)) return false;
  return undefined;
}
