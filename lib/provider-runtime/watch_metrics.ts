/** Metrics of watches: how stale what they know may be, and how often they failed. */
import { Counter, Gauge, type Registry } from "../deps/prom_client.ts";
import { resourceName, type WatchHealth, type WatchMonitor, type WatchSelection } from "../kube/mod.ts";
import type { ApiResource } from "../kube/mod.ts";

/** Where watches are reported. */
export interface WatchMetrics {
  /** For `WatchOptions.onHealth`: of a watch that lives as long as the process. */
  forWatch(name: string): (health: WatchHealth) => void;
  /** For `ClientOptions.monitor`: of every watch of a client. */
  readonly monitor: WatchMonitor;
}

/**
 * What a watch is called in metrics and checks: `pods`, `secrets in namespace "demo" with labels app=web`.
 */
export function watchTitle(watch: WatchSelection & { readonly resource: ApiResource }): string {
  const { resource, namespace, labelSelector, fieldSelector, metadataOnly } = watch;
  const parts = [
    resourceName(resource),
    namespace && `in namespace "${namespace}"`,
    labelSelector && `with labels ${labelSelector}`,
    fieldSelector && `with fields ${fieldSelector}`,
    metadataOnly && "(metadata)",
  ];
  return parts.filter(Boolean).join(" ");
}

/** One monitor that tells several. */
export function joinMonitors(...monitors: readonly WatchMonitor[]): WatchMonitor {
  return (watch) => {
    const told = monitors.map((monitor) => monitor(watch));
    return {
      health: (health) => told.forEach((one) => one.health(health)),
      end: () => told.forEach((one) => one.end()),
    };
  };
}

/**
 * Registers the metrics of watches.
 *
 * @param now ms by a clock that nobody can set, for tests.
 */
export function createWatchMetrics(registry: Registry, now: () => number = () => performance.now()): WatchMetrics {
  const registers = [registry];
  /** When each watch was last heard, by title: several may share one. */
  const heard = new Map<string, Map<symbol, number>>();
  const contact = new Gauge({
    name: "kco_watch_last_contact_timestamp_seconds",
    help: "When the API server was last heard on a watch",
    labelNames: ["watch"] as const,
    registers,
  });
  const staleness = new Gauge({
    name: "kco_watch_staleness_seconds",
    help:
      "Since when the API server was not heard on a watch, bookmarks included: what its store knows is at most this old",
    labelNames: ["watch"] as const,
    registers,
    collect() {
      for (const [watch, times] of heard) this.set({ watch }, (now() - Math.min(...times.values())) / 1000);
    },
  });
  const failures = new Counter({
    name: "kco_watch_failures_total",
    help: "Times that a watch or its list failed and was tried again, by reason",
    labelNames: ["watch", "reason"] as const,
    registers,
  });

  const begin = (watch: string) => {
    const id = Symbol(watch);
    const times = heard.get(watch) ?? new Map<symbol, number>();
    heard.set(watch, times.set(id, now()));
    return {
      health({ state, lastContact, error }: WatchHealth) {
        if (state === "failing") failures.inc({ watch, reason: error?.reason ?? "" });
        if (state !== "live") return;
        times.set(id, now());
        contact.set({ watch }, lastContact / 1000);
      },
      end() {
        times.delete(id);
        if (times.size > 0) return;
        heard.delete(watch);
        contact.remove({ watch });
        staleness.remove({ watch });
      },
    };
  };
  return {
    forWatch: (name) => begin(name).health,
    monitor: (watch) => begin(watchTitle(watch)),
  };
}
