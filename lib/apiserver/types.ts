/** Starting an embedded Kubernetes API server. */
import type { KubeTransport } from "../kube/mod.ts";

/** Options of `startApiServer`. */
export interface ApiServerOptions {
  /** Loopback port; 0 (default) takes a free one. */
  readonly port?: number;
  /** Directory that keeps the state across restarts; in memory when absent. */
  readonly data?: string;
  /** Takes over the token and the certificate of an earlier start, as a server that is started again does. */
  readonly restartOf?: ApiServer;
  /** Deployments, Jobs, Pods, PVCs … report ready after a short delay, and say that they are simulated. Default false. */
  readonly simulateWorkloads?: boolean;
  /** ms before a simulated workload gets ready. Default 200. */
  readonly simulationDelay?: number;
  /** Changes remembered a resource: how far back a watch or a paged list can reach. Default 1024. */
  readonly history?: number;
  /** ms between the bookmarks of a watch. Default 60 000. */
  readonly bookmarkInterval?: number;
  /** Called once a request, for logs and for counting writes in tests. */
  readonly onRequest?: (
    request: { method: string; path: string; status: number; duration: number; userAgent: string },
  ) => void;
}

/** A running server. */
export interface ApiServer {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** Bearer token of the administrator; a new one each start. */
  readonly token: string;
  /** PEM of the certificate authority that signed the server's certificate. */
  readonly caCert: string;
  /** A kubeconfig, YAML, whose one context points here. */
  kubeconfig(): string;
  /** The same server without the network: for controllers in this process. Watches included. */
  readonly transport: KubeTransport;
  /** Ends all watches, stops listening and writes what is pending of a kept state. */
  close(): Promise<void>;
}
