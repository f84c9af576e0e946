/** What the author of an operator gives: how to observe, create, update and delete one external resource. */
import type { Conditioned } from "./report.ts";

/** What is known of an external resource. */
export interface Observation {
  readonly exists: boolean;
  /** Whether it is as the object wants it. Default `true`. */
  readonly upToDate?: boolean;
  /** How it differs, in words; shown where updates are inhibited. */
  readonly diff?: string;
  /** Whether it serves. Default: it does when it exists. */
  readonly ready?: boolean;
  /** Why it is as `ready` says; the message of the condition `Ready`. */
  readonly message?: string;
  /** Fields to put into the object's status. */
  readonly status?: Readonly<Record<string, unknown>>;
  /** A merge patch of `spec` with fields that the external resource chose and the object left open. */
  readonly lateInitialized?: Readonly<Record<string, unknown>>;
}

/** Acts on the external resource of one object. Calls must stop when `signal` aborts, and bear being repeated. */
export interface ExternalClient<T extends Conditioned> {
  observe(object: T, signal: AbortSignal): Promise<Observation>;
  /** Resolves to annotations that the object must keep to find the resource again, e.g. its external name. */
  create(object: T, signal: AbortSignal): Promise<Readonly<Record<string, string>> | void>;
  update(object: T, observation: Observation, signal: AbortSignal): Promise<void>;
  /** Asks for deletion; an external resource that is already gone is no error. */
  delete(object: T, signal: AbortSignal): Promise<void>;
  /** Called at the end of each reconcile. */
  disconnect?(): Promise<void> | void;
}

/** Opens a client with the credentials of one object. */
export type Connect<T extends Conditioned> = (object: T, signal: AbortSignal) => Promise<ExternalClient<T>>;
