/**
 * eventrouter: the cluster's Events, each with the composition it belongs to, to everybody who is registered.
 *
 *     Events ─► watch from the checkpoint ─► normalise ─► enrich, in order ─► share ─┬─► pipeline of Registration a ─► its sink
 *     Registrations ─► come, change, go ─────────────────────────────────────────────┼─► pipeline of Registration b ─► its sink
 *     each pipeline: rules ─► layout ─► bounded queue ─► batch ─► send, retry ─► acknowledge ─► checkpoint, status
 */
import { defer, finalize, from, merge, type Observable, share, switchMap } from "../../lib/deps/rxjs.ts";
import { type EventRecorder, type KubeClient, reflect } from "../../lib/kube/mod.ts";
import { createReporter, type Outcome } from "../../lib/provider-runtime/mod.ts";
import { type Registration, REGISTRATIONS } from "./api.ts";
import type { Checkpoint, Positions } from "./checkpoint.ts";
import type { ObjectFacts } from "./event.ts";
import { Gate } from "./gate.ts";
import { following, onError, untilDrained, working } from "./lifecycle.ts";
import { ObjectLookup } from "./lookup.ts";
import type { MeasuredRouter, RouterMetrics } from "./metrics.ts";
import { enriched } from "./enriched_event.ts";
import { orderedMap } from "./ordered_map.ts";
import { Pipelines } from "./pipelines.ts";
import { PositionKeeper } from "./position_keeper.ts";
import type { SinkKinds } from "./plan.ts";
import { Reporting } from "./reporting.ts";
import { ofThisHistory, resumeFrom } from "./resume.ts";
import { Secrets } from "./secrets.ts";
import { eventSource } from "./source.ts";
import type { RouterSettings } from "./settings.ts";

export * from "./api.ts";
export { type Checkpoint, forgetful, type Positions } from "./checkpoint.ts";
export { ConfigMapCheckpoint } from "./checkpoint_config_map.ts";
export { FileCheckpoint } from "./checkpoint_file.ts";
export { createRouterMetrics, type MeasuredRouter, type RouterMetrics } from "./metrics.ts";
export { REGISTRATION_CRD, registrationCrd } from "./registration_crd.ts";
export { type RouterSettings, routerSettings } from "./settings.ts";

/** Options of {@linkcode eventRouter}. Times in ms. */
export interface EventRouterOptions {
  readonly client: KubeClient;
  readonly settings: RouterSettings;
  /** Kinds of sinks that Registrations may name. */
  readonly sinks: SinkKinds;
  /** How far each Registration has come; survives this process. */
  readonly checkpoint: Checkpoint;
  /** Records what happens to Registrations. */
  readonly recorder?: EventRecorder;
  readonly metrics?: RouterMetrics;
  /** Given what the metrics read. */
  readonly onRunning?: (router: MeasuredRouter) => void;
  /** Stops taking Events when it aborts; what is under way is finished. */
  readonly drain?: AbortSignal;
}

/** Events waiting for their object's metadata above which reading pauses, and below which it goes on. */
const BACKLOG = { high: 2_000, low: 500 };

/** Routes Events until it is unsubscribed, or has drained. */
export function eventRouter(options: EventRouterOptions): Observable<Outcome> {
  const { client, settings, checkpoint } = options;
  return defer(() => from(checkpoint.load())).pipe(
    switchMap((positions) => ofThisHistory(client, settings.api, positions)),
    switchMap(({ positions }) => routing(options, positions)),
  );
}

function routing(options: EventRouterOptions, before: Positions): Observable<Outcome> {
  const { client, settings, checkpoint, metrics } = options;
  const gate = new Gate();
  const lookup = new ObjectLookup(client);
  const counts = { malformed: 0 };
  const reporting = new Reporting(
    createReporter({ client, resource: REGISTRATIONS, ...(options.recorder && { recorder: options.recorder }) }),
  );
  const pipelines = new Pipelines({
    before,
    defaults: { ...settings, sinks: options.sinks, canSpill: settings.directory !== undefined },
    context: {
      gate,
      checkpoint,
      secrets: () => new Secrets(client, settings.ownNamespace),
      onError,
      ...(metrics && { metrics }),
      ...(settings.directory && { directory: `${settings.directory}/spill` }),
    },
    onChange: (uid, standing) => reporting.mark(uid, standing),
  });
  options.onRunning?.({
    get pipelines() {
      return pipelines.all();
    },
    lookups: lookup.counts,
    get malformed() {
      return counts.malformed;
    },
  });

  const keeper = new PositionKeeper({ checkpoint, period: settings.interval, onError });
  const registrations = reflect(client.watch<Registration>(REGISTRATIONS));
  const events$ = defer(() =>
    eventSource({
      client,
      api: settings.api,
      namespaces: settings.namespaces,
      resume: resumeFrom(pipelines.held()),
      gate,
      onMalformed: () => counts.malformed++,
    })
  ).pipe(
    orderedMap((sourced) => {
      const facts = lookup.of(sourced.event);
      const enrich = (known: ObjectFacts) => enriched(sourced, known, settings.cluster);
      return facts instanceof Promise ? facts.then(enrich) : enrich(facts);
    }, {
      onBacklog: (waiting) => {
        if (waiting > BACKLOG.high) gate.set(lookup, true);
        else if (waiting < BACKLOG.low) gate.set(lookup, false);
      },
    }),
    share(),
  );

  return merge(
    registrations.changes$.pipe(following(pipelines, events$)),
    working(pipelines, reporting, keeper, settings.interval),
  ).pipe(
    untilDrained(options.drain, pipelines, keeper),
    finalize(() => {
      void pipelines.close(true);
      checkpoint.close();
    }),
  );
}
