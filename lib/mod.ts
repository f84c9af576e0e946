/**
 * The library: everything that kco is made of, for use in other projects.
 *
 * | name | what |
 * |---|---|
 * | `kube` | a Kubernetes client: transport, watch, store, server-side apply, Events |
 * | `runtime` | provider-runtime: stages, work queue, policies, conditions, a manager |
 * | `helm` | Helm without a cluster: charts, values, rendering, release records |
 * | `release` | Helm on a cluster: install, upgrade, heal, uninstall |
 * | `schema` | `values.schema.json` → the structural schema of a CRD |
 * | `gotemplate` | Go's `text/template` |
 * | `transform` | field paths, Go template pipelines, jq, merging |
 * | `sse` | server-sent events: a resumable journal, a hub for thousands of clients, framing |
 * | `yaml` | YAML as Go reads and writes it |
 * | `apiserver` | an embedded Kubernetes API server |
 *
 * The names that an operator needs every day are exported by themselves as well.
 *
 * @module
 */
export * as apiserver from "./apiserver/mod.ts";
export * as gotemplate from "./gotemplate/mod.ts";
export * as helm from "./helm/mod.ts";
export * as kube from "./kube/mod.ts";
export * as release from "./release/mod.ts";
export * as runtime from "./provider-runtime/mod.ts";
export * as schema from "./schema/mod.ts";
export * as sse from "./sse/mod.ts";
export * as transform from "./transform/mod.ts";
export * as yaml from "./yaml/mod.ts";

export { connect, createClient, createEventRecorder, keyOf, KubeError, reflect } from "./kube/mod.ts";
export type { ApiResource, Change, Condition, KubeClient, KubeObject, KubeTransport, Store } from "./kube/mod.ts";
export {
  createReporter,
  debounceByKey,
  defineOperator,
  httpError,
  ownerKeys,
  pauseFilter,
  policyOf,
  ProviderError,
  reconcile,
  restApi,
  resync,
  secretRef,
  selfKeys,
  setConditions,
  startManager,
  Type,
} from "./provider-runtime/mod.ts";
export type {
  Controller,
  Operator,
  Outcome,
  Reconciler,
  Result,
  SecretRef,
  Static,
  Trigger,
} from "./provider-runtime/mod.ts";
