/** What the author of an operator writes down, and what comes out of it. */
import type { Static, TObject } from "../../deps/typebox.ts";
import type { Clock, EventRecorder, KubeClient, KubeObject, WatchOptions } from "../../kube/mod.ts";
import type { FleetPauses } from "../fleet_pause.ts";
import type { Controller } from "../manager.ts";
import type { Observation } from "../managed_types.ts";
import type { Conditioned } from "../report.ts";

/** A key of a Secret. */
export interface SecretRef {
  readonly name: string;
  /** Default: the namespace of the object that refers to it. */
  readonly namespace?: string;
  readonly key: string;
}

/** An object of the operator's kind. */
export interface OperatorObject<Spec, Status> extends Conditioned {
  spec: Spec;
  status?: Partial<Status> & NonNullable<Conditioned["status"]>;
}

/** What each call is given. */
export interface OperatorCall<Spec, Status> {
  readonly object: OperatorObject<Spec, Status>;
  readonly spec: Spec;
  /** Aborts at the deadline of the reconcile: pass it to `fetch`. */
  readonly signal: AbortSignal;
  /**
   * The text of a Secret's key.
   *
   * @throws {ProviderError} There is no such Secret, or it lacks the key. The object is tried again when the Secret changes.
   */
  secret(ref: SecretRef): Promise<string>;
}

/** What an operator saw; its `status` becomes part of the object's. */
export interface OperatorObservation<Status> extends Omit<Observation, "status"> {
  readonly status?: Partial<Status>;
}

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string;
  /** e.g. `.status.url` */
  readonly path: string;
  /** Default `string`. */
  readonly type?: "boolean" | "date" | "integer" | "number" | "string";
  readonly description?: string;
  /** Shown in wide output only when above 0. */
  readonly priority?: number;
}

/**
 * An operator of one kind. Times in ms.
 *
 * `connect` stands before the other functions: they are given what it resolves to, and TypeScript infers in this order.
 */
export interface OperatorDefinition<Spec extends TObject, Status extends TObject, Connection> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Default: the kind's name in the plural, as Kubernetes guesses it. */
  readonly plural?: string;
  readonly scope: "Namespaced" | "Cluster";
  readonly shortNames?: readonly string[];
  /** Groups such as `krateo`: `kubectl get krateo` lists all kinds of one. */
  readonly categories?: readonly string[];
  /** What a user asks for. `x-kubernetes-…` keywords, e.g. CEL rules, may stand among the options of each type. */
  readonly spec: Spec;
  /** What is told of the external resource, next to the conditions. */
  readonly status?: Status;
  /** Fields of `spec`, e.g. `org` or `source.url`, that cannot change once they are set. */
  readonly immutable?: readonly string[];
  /** Columns after READY and SYNCED. */
  readonly columns?: readonly Column[];
  /** The Secrets that an object needs: it is reconciled at once when one of them changes. */
  readonly secretRefs?: (spec: Static<Spec>) => readonly (SecretRef | undefined)[];
  /** Opens a client with the credentials of one object; once a reconcile. */
  readonly connect: (call: OperatorCall<Static<Spec>, Static<Status>>) => Promise<Connection> | Connection;
  readonly observe: (
    call: OperatorCall<Static<Spec>, Static<Status>>,
    connection: Connection,
  ) => Promise<OperatorObservation<Static<Status>>>;
  /** Resolves to annotations that the object must keep to find the resource again, e.g. `krateo.io/external-name`. */
  readonly create: (
    call: OperatorCall<Static<Spec>, Static<Status>>,
    connection: Connection,
  ) => Promise<Readonly<Record<string, string>> | void>;
  readonly update: (
    call: OperatorCall<Static<Spec>, Static<Status>> & { readonly observation: OperatorObservation<Static<Status>> },
    connection: Connection,
  ) => Promise<void>;
  /** Asks for deletion; a resource that is already gone is no error. */
  readonly delete: (call: OperatorCall<Static<Spec>, Static<Status>>, connection: Connection) => Promise<void>;
  /** Called at the end of each reconcile that connected. */
  readonly disconnect?: (connection: Connection) => Promise<void> | void;
  /** Between two observations at rest. Default 60,000; the annotation `krateo.io/poll-interval` overrides it. */
  readonly pollInterval?: number;
  /** For all calls to the external system in one reconcile. Default 60,000. */
  readonly timeout?: number;
  /** How long after its creation a resource may not be seen yet. Default 30,000. */
  readonly creationGrace?: number;
  /** The resource is found by `spec` alone: a creation that was interrupted is just observed again. */
  readonly deterministicName?: boolean;
  /** Objects at work at once. Default 10. */
  readonly concurrency?: number;
}

/** Options of {@linkcode Operator.controller}. Times in ms. */
export interface OperatorOptions {
  /** Only objects of this namespace; of all when absent. */
  readonly namespace?: string;
  readonly pollInterval?: number;
  readonly concurrency?: number;
  /** Pauses of more than one object, e.g. `fleetPauses(client)`. */
  readonly fleet?: FleetPauses | undefined;
  /** Default: one that writes Events through the client. */
  readonly recorder?: EventRecorder;
  /** Told about the health of each watch, by its resource, besides `/readyz`. */
  readonly onWatchHealth?: (name: string) => WatchOptions<KubeObject>["onHealth"];
  readonly clock?: Clock;
}

/** Where an operator runs. */
export interface DeployOptions {
  /** Default `krateo-system`. */
  readonly namespace?: string;
}

/** How an operator's process is run besides its arguments. */
export interface RunOptions {
  /** Stops the process when it aborts, as SIGINT and SIGTERM do. */
  readonly signal?: AbortSignal;
  /** Called with the port of `/readyz` once it is served. */
  readonly onListen?: (port: number) => void;
  /** Where the commands that print do so. Default: standard output. */
  readonly print?: (text: string) => void;
}

/** An operator that is ready to be installed and run. */
export interface Operator {
  /** The CustomResourceDefinition. */
  crd(): KubeObject;
  /** ServiceAccount, ClusterRole and Role with their bindings: what the process needs and no more. */
  rbac(options?: DeployOptions): KubeObject[];
  /** The Deployment that runs `image`. */
  deployment(image: string, options?: DeployOptions): KubeObject;
  /** The controller, for a manager that runs it beside others. */
  controller(client: KubeClient, options?: OperatorOptions): Controller;
  /**
   * The operator as a process: see `--help`. Resolves when it has stopped.
   *
   * @param args Default: those of this process, which then ends with code 1 when they are wrong; given ones make it reject.
   */
  run(args?: readonly string[], options?: RunOptions): Promise<void>;
}
