/** What all parts of the server share. */
import type { KubeObject } from "../kube/mod.ts";
import type { FieldManager, ResourceVersion, SchemaEngine } from "./resource.ts";
import type { Registry, ServedKind } from "./registry.ts";
import type { Store } from "./storage/mod.ts";

/** Who makes a request. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What a write wants to do, as admission sees it. */
export interface AdmissionRequest {
  readonly operation: "CREATE" | "UPDATE" | "DELETE";
  readonly served: ServedKind;
  readonly version: ResourceVersion;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string;
  /** In the request's version; absent for DELETE. */
  readonly object: KubeObject | undefined;
  /** In the request's version; absent for CREATE. */
  readonly oldObject: KubeObject | undefined;
  readonly user: User;
  readonly dryRun: boolean;
}

/** Refuses by throwing an ApiError; may add warnings. */
export type Admission = (request: AdmissionRequest, warnings: string[]) => void;

/** The parts, once a server. */
export interface Core {
  readonly store: Store;
  readonly registry: Registry;
  readonly engine: SchemaEngine;
  readonly fields: FieldManager;
  /** Asked in order before a create is validated: namespace life cycle. */
  readonly gates: Admission[];
  /** Asked in order after validation and before storing: policies. */
  readonly admissions: Admission[];
}

/** The time as Kubernetes writes it: RFC 3339 in UTC, whole seconds. */
export function timestamp(date: Date = new Date()): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
