/** One composition during one pass, and what a pass works with. */
import type { Capabilities, Values } from "../../lib/helm/mod.ts";
import type { EventRecorder, KubeClient, Store } from "../../lib/kube/mod.ts";
import type { LoadedChart, StoredRelease } from "../../lib/release/mod.ts";
import type { Report } from "../../lib/provider-runtime/mod.ts";
import type { ChartRenderer } from "./act.ts";
import { ANNOTATION, type Blueprint, type Blueprints, type Composition } from "./api.ts";
import type { Children } from "./children.ts";
import type { Facts } from "./decide.ts";
import type { Memory } from "./memory.ts";
import type { KindContext } from "./values.ts";

/** What the reconciler works with. */
export interface ReconcilerParts {
  readonly client: KubeClient;
  readonly kind: KindContext;
  readonly compositions: Store<Composition>;
  readonly blueprints: Blueprints;
  readonly children: Children;
  readonly renderer: ChartRenderer;
  readonly report: Report<Composition>;
  readonly recorder: EventRecorder;
}

/** What a release is to be made from, now. */
export interface Wish {
  readonly blueprint: Blueprint;
  readonly loaded: LoadedChart;
  readonly values: Values;
  readonly global: Values;
  readonly labels: Readonly<Record<string, string>>;
  readonly capabilities: Capabilities;
  readonly inputs: string;
}

/** One composition during one pass. */
export interface Pass {
  composition: Composition;
  /** Of its release. */
  readonly name: string;
  readonly namespace: string;
  readonly memory: Memory;
  readonly signal: AbortSignal;
  wish?: Wish;
  /** The release's records where this pass has read them and not yet written any. */
  history?: readonly StoredRelease[];
}

/** Goes on with a newer state of the composition, and remembers it: the store may lag. */
export function saw(pass: Pass, composition: Composition): void {
  pass.composition = composition;
  pass.memory.latest = composition;
}

/** How far a graceful pause has got, by the annotations. */
export function gracefulPause(composition: Composition): Facts["gracefulPause"] {
  const annotations = composition.metadata.annotations ?? {};
  const noted = annotations[ANNOTATION.gracefullyPausedTime] !== undefined;
  if (annotations[ANNOTATION.gracefullyPaused] !== "true") return noted ? "over" : "no";
  return noted ? "held" : "asked";
}
