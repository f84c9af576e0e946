/** From a stream of keys to an operator: stages, policies, conditions, Events, a manager. */
export * from "./types.ts";
export {
  type ConditionChange,
  type ConditionInput,
  diffConditions,
  findCondition,
  isTrue,
  rfc3339,
  setConditions,
} from "./conditions.ts";
export { debounceByKey, type DebounceOptions } from "./debounce_by_key.ts";
export { addFinalizer, hasFinalizer, removeFinalizer } from "./finalizers.ts";
export { equalJson, mergePatch } from "./json.ts";
export { type OwnerFilter, ownerKeys, relatedKeys, selfKeys } from "./owner_keys.ts";
export { pauseFilter, type PauseFilterOptions } from "./pause_filter.ts";
export { FLEET_PAUSE_LABEL, type FleetPauses, fleetPauses, type FleetPausesOptions } from "./fleet_pause.ts";
export { type PauseState, pauseState, type PauseStateOptions } from "./pause_state.ts";
export { pauseMessage, pauseReporter } from "./pause_report.ts";
export { type Action, ANNOTATION, annotation, isPaused, pausedUntil, type Policy, policyOf } from "./policy.ts";
export { KeyedQueue, type QueueOptions, type Taken } from "./queue.ts";
export { DeadlineError, reconcile, type ReconcilerLike, type ReconcileStageOptions } from "./reconcile.ts";
export {
  type Conditioned,
  type ConditionEvent,
  createReporter,
  eventOf,
  type Report,
  type ReporterOptions,
} from "./report.ts";
export type { ReconcileObserver } from "./reconcile_observer.ts";
export { resync, type ResyncOptions } from "./resync.ts";
export { addElectionFlags, candidacy, durationFlag, type ElectionFlags } from "./election_flags.ts";
export { type Check, type Degraded, Health } from "./health.ts";
export { type HealthServer, type HealthServerOptions, serveHealth } from "./health_server.ts";
export { type Controller, type ControllerContext, type Manager, type ManagerOptions, startManager } from "./manager.ts";
export { type ControllerMetrics, createMetrics, type RuntimeMetrics } from "./metrics.ts";
export { createWatchMetrics, joinMonitors, type WatchMetrics, watchTitle } from "./watch_metrics.ts";
export { wishKeys } from "./wish_keys.ts";
export { untilAborted } from "./until_aborted.ts";
export { parseDuration } from "./duration.ts";
export { MANAGED_FINALIZER, type ManagedOptions, managedReconciler } from "./managed.ts";
export { CREATE_INCOMPLETE, managedEventOf } from "./managed_conditions.ts";
export {
  type Creation,
  creationOf,
  decide,
  type Facts,
  factsOf,
  type FactsOptions,
  type Step,
} from "./managed_decide.ts";
export type { Connect, ExternalClient, Observation } from "./managed_types.ts";
export { ProviderError, type ProviderErrorOptions, type ProviderErrorReason } from "./provider_error.ts";
export { httpError } from "./http_error.ts";
export { type RestApi, restApi, type RestApiOptions } from "./rest_api.ts";
export * from "./define_operator/mod.ts";
