/** A Kubernetes client: streams of changes, lossless JSON, server-side apply. */
export * from "./types.ts";
export * from "./transport.ts";
export * from "./client_types.ts";
export { backoffDelay, type BackoffOptions, type Clock, elapsed, systemClock } from "./clock.ts";
export * from "./errors.ts";
export * from "./path.ts";
export { type ClientOptions, createClient } from "./client.ts";
export { type Indexes, reflect, type ReflectOptions, type Store } from "./store.ts";
export {
  type ClusterConfig,
  contextOf,
  type ExecConfig,
  type Kubeconfig,
  KubeconfigError,
  type KubeconfigFields,
  type KubeconfigReason,
  type KubeContext,
  type Material,
  mergeKubeconfigs,
  parseKubeconfig,
  type UserConfig,
} from "./kubeconfig.ts";
export {
  connect,
  type ConnectOptions,
  detectContext,
  inClusterContext,
  readKubeconfig,
  readKubeconfigs,
} from "./connect.ts";
export { createRestClient, RestClient, type RestClientOptions } from "./rest_client.ts";
export {
  createEventRecorder,
  type EventInput,
  type EventRecorder,
  type EventRecorderOptions,
  microTime,
  truncateBytes,
} from "./events.ts";
export { elect, type Election, type ElectionOptions, type Leadership } from "./lease.ts";
export { type LabelMatcher, labelMatcher, SelectorError } from "./label_selector.ts";
export { fence } from "./fence.ts";
export { shareStores, type ShareStoresOptions, type Stores, type StoreSelector } from "./stores.ts";
