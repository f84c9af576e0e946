/** Observing: every fact about a composition that its next step depends on. */
import { withGlobal } from "../../lib/helm/mod.ts";
import { hasFinalizer, policyOf } from "../../lib/provider-runtime/mod.ts";
import { objectId, type ReleaseObject } from "../../lib/release/mod.ts";
import { marksOf } from "./act.ts";
import { type Blueprint, FINALIZER } from "./api.ts";
import type { Facts } from "./decide.ts";
import { NoBlueprintError } from "./failure.ts";
import { inputsDigest } from "./inputs.ts";
import type { Memory } from "./memory.ts";
import { gracefulPause, type Pass, type ReconcilerParts, type Wish } from "./pass.ts";
import { readHistory, releaseOf } from "./release_state.ts";
import { childLabels, injectedGlobal } from "./values.ts";

/** What is known of a composition now. A deletion needs neither definition nor chart. */
export async function observe(parts: ReconcilerParts, pass: Pass): Promise<Facts> {
  const { composition, memory } = pass;
  const deleting = composition.metadata.deletionTimestamp !== undefined;
  const { allowed } = policyOf(composition);
  const move = deleting ? "no" : moveOf(parts, pass);
  // What is installed is known without the chart, and a move needs none: neither must wait for its server.
  if (!memory.release && !deleting) await recall(parts, pass);
  const wish = deleting || move === "wanted" ? undefined : await wishOf(parts, pass);
  return {
    deleting,
    finalizer: hasFinalizer(composition, FINALIZER),
    marked: wish !== undefined && isMarked(pass, wish.blueprint),
    allows: { create: allowed.has("create"), update: allowed.has("update"), delete: allowed.has("delete") },
    move,
    gracefulPause: gracefulPause(composition),
    installed: memory.release?.installed ?? false,
    current: wish !== undefined && memory.release?.inputs === wish.inputs,
    suspects: suspects(parts, memory).length > 0,
    uninstalled: memory.uninstalled,
  };
}

/** What the release is to be made from. Computed once a pass. */
export async function wishOf(parts: ReconcilerParts, pass: Pass): Promise<Wish> {
  if (pass.wish) return pass.wish;
  const { client, kind } = parts;
  const { composition } = pass;
  const blueprint = blueprintOf(parts, pass);
  const loaded = await blueprint.chart();
  const [version, apiVersions] = await Promise.all([
    client.discovery.serverVersion(),
    client.discovery.apiVersions(),
  ]);
  const capabilities = { kubeVersion: version.gitVersion, apiVersions };
  const values = composition.spec ?? {};
  const pause = gracefulPause(composition);
  const global = injectedGlobal(composition, kind, pause === "asked" || pause === "held");
  const labels = childLabels(composition, kind);
  const inputs = inputsDigest({
    chartDigest: loaded.digest,
    values: withGlobal(values, global),
    labels,
    releaseName: pass.name,
    kubeVersion: version.gitVersion,
  });
  pass.wish = { blueprint, loaded, values, global, labels, capabilities, inputs };
  return pass.wish;
}

/** The blueprint of a composition; an error says why there is none. */
export function blueprintOf({ blueprints, kind }: ReconcilerParts, { composition }: Pass): Blueprint {
  const blueprint = blueprints.of(kind.resource, composition);
  if (typeof blueprint === "string") throw new NoBlueprintError(blueprint);
  return blueprint;
}

/** Children that are missing, or whose fields of ours look changed; none before they have all been listed. */
export function suspects({ children }: ReconcilerParts, memory: Memory): ReleaseObject[] {
  const targets = memory.release?.targets ?? [];
  if (!children.synced(targets.map((t) => t.resource))) return [];
  return targets.filter((target) => {
    const state = children.state(target);
    return !state || state.fingerprint !== memory.accepted.get(objectId(target));
  });
}

/** Reads the release's records, once after a start and after each failure. */
async function recall({ client, children, kind }: ReconcilerParts, pass: Pass): Promise<void> {
  const { memory, name, namespace, composition } = pass;
  const history = await readHistory(client, namespace, name, pass.signal);
  pass.history = history;
  memory.release = await releaseOf(client, namespace, name, history);
  const resources = memory.release.targets.map((t) => t.resource);
  children.use(composition.metadata.uid ?? "", kind.resource.version, resources);
}

function moveOf(parts: ReconcilerParts, pass: Pass): Facts["move"] {
  const { composition, memory } = pass;
  const to = blueprintOf(parts, pass).currentVersion;
  if (to === parts.kind.resource.version) {
    delete memory.unmovable;
    return "no";
  }
  const { unmovable } = memory;
  return unmovable?.to === to && unmovable.generation === composition.metadata.generation ? "refused" : "wanted";
}

function isMarked({ composition, name }: Pass, blueprint: Blueprint): boolean {
  const { labels = {} } = composition.metadata;
  const wanted = Object.entries(marksOf(composition, blueprint, name));
  return hasFinalizer(composition, FINALIZER) && wanted.every(([key, value]) => labels[key] === value);
}
