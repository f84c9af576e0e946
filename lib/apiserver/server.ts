/** The server as a whole: its parts, its sockets, its end. */
import { checkPolicy, policyAdmission } from "./admission/mod.ts";
import { fieldManager } from "./apply/mod.ts";
import { builtinKinds } from "./builtin/mod.ts";
import type { Core } from "./core.ts";
import { Discovery } from "./discovery/mod.ts";
import { exchangeOf, responseOf } from "./http.ts";
import { refuseStream } from "./stream_refusal.ts";
import {
  checkDefinition,
  createInitialNamespaces,
  DefinitionController,
  GarbageCollector,
  NamespaceController,
  namespaceGate,
  prepareDefinition,
  prepareNamespace,
  Work,
} from "./lifecycle/mod.ts";
import { Registry, ServedKind } from "./registry.ts";
import type { ResourceKind, SchemaEngine } from "./resource.ts";
import type { Answer, Exchange } from "./rest/exchange.ts";
import { createHandler } from "./rest/handler.ts";
import { WatchHub } from "./rest/watch_hub.ts";
import { schemaEngine } from "./schema/mod.ts";
import { Simulation } from "./simulation/mod.ts";
import { Journal, Store } from "./storage/mod.ts";
import { createServingCertificate, type ServingCertificate } from "./tls.ts";
import { createTransport } from "./transport.ts";
import type { ApiServer, ApiServerOptions } from "./types.ts";

/** ms between the bookmarks of a watch. */
const BOOKMARK_INTERVAL = 60_000;

/** ms before a simulated workload gets ready. */
const SIMULATION_DELAY = 200;

/**
 * Starts an embedded Kubernetes API server on a loopback port, over HTTPS with a token.
 *
 * @throws Deno.errors.AddrInUse when the port is taken
 * @throws JournalError when the state in `options.data` cannot be used
 */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const identity = (options.restartOf && identities.get(options.restartOf)) ?? createIdentity();
  const { caCert, cert, key, token } = identity;
  const inner = startInner(options, token, caCert);
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = Deno.serve(
      { hostname: "127.0.0.1", port: options.port ?? 0, cert, key, onListen: () => {} },
      async (request) => {
        const answer = await inner.answer(exchangeOf(request), false, request.headers.get("user-agent") ?? "");
        return refuseStream(request, answer) ?? responseOf(answer);
      },
    );
  } catch (error) {
    inner.close();
    throw error;
  }
  const url = `https://127.0.0.1:${server.addr.port}`;
  const started: ApiServer = {
    url,
    token,
    caCert,
    kubeconfig: () => kubeconfig(url, token, caCert),
    transport: createTransport((exchange, userAgent) => inner.answer(exchange, true, userAgent)),
    close: async () => {
      // Watches first: the sockets wait for the answers on them.
      inner.close();
      await server.shutdown();
    },
  };
  identities.set(started, identity);
  return started;
}

/** By which clients know a server again. */
type Identity = ServingCertificate & { readonly token: string };

const identities = new WeakMap<ApiServer, Identity>();

function createIdentity(): Identity {
  return { ...createServingCertificate(), token: crypto.getRandomValues(new Uint8Array(24)).toHex() };
}

/** Everything but the sockets. */
function startInner(options: ApiServerOptions, token: string, caCert: string): { answer: Observed; close: () => void } {
  const core = createCore(options);
  const journal = options.data === undefined ? undefined : Journal.open(options.data, core.store);
  // What was before the start is in no history.
  core.store.compact();
  const hub = new WatchHub(core.store, options.bookmarkInterval ?? BOOKMARK_INTERVAL);
  const stopControllers = startControllers(core, caCert, options);
  const handler = createHandler({ core, hub, discovery: new Discovery(core.registry), token });
  return {
    answer: observe(handler, options.onRequest),
    close: () => {
      stopControllers();
      hub.close();
      journal?.close();
    },
  };
}

function createCore(options: ApiServerOptions): Core {
  const store = new Store(options.history === undefined ? {} : { history: options.history });
  const registry = new Registry();
  const core: Core = { store, registry, engine: schemaEngine, fields: fieldManager, gates: [], admissions: [] };
  for (const kind of builtinKinds) {
    registry.register(new ServedKind(withLifecycle(kind, core.engine), core.engine, store.revision));
  }
  core.gates.push(namespaceGate(core));
  core.admissions.push(policyAdmission(core));
  return core;
}

/** The kinds whose objects the server itself lives by have rules of its own. */
function withLifecycle(kind: ResourceKind, engine: SchemaEngine): ResourceKind {
  if (kind.kind === "Namespace") return { ...kind, prepare: prepareNamespace };
  if (kind.kind === "ValidatingAdmissionPolicy") return { ...kind, check: checkPolicy };
  if (kind.kind !== "CustomResourceDefinition") return kind;
  return {
    ...kind,
    prepare: prepareDefinition,
    check: (object, old) => checkDefinition(engine, object, old),
  };
}

/** Starts what the server does by itself; the answer ends it. */
function startControllers(core: Core, caCert: string, options: ApiServerOptions): () => void {
  const work = new Work();
  const simulation = options.simulateWorkloads === true
    ? new Simulation(core, work, options.simulationDelay ?? SIMULATION_DELAY)
    : undefined;
  const definitions = new DefinitionController(core, work);
  const garbage = new GarbageCollector(core, work);
  const namespaces = new NamespaceController(core, work, caCert);
  definitions.load();
  garbage.load();
  core.store.subscribe(undefined, (commit) => {
    definitions.observe(commit);
    garbage.observe(commit);
    namespaces.observe(commit);
    simulation?.observe(commit);
  });
  createInitialNamespaces(core);
  namespaces.load();
  simulation?.load();
  return () => {
    work.close();
    simulation?.close();
  };
}

type Observed = (exchange: Exchange, trusted: boolean, userAgent: string) => Promise<Answer>;

/** Tells `onRequest` about each answer. */
function observe(
  handler: ReturnType<typeof createHandler>,
  onRequest: ApiServerOptions["onRequest"],
): Observed {
  if (onRequest === undefined) return handler;
  return async (exchange, trusted, userAgent) => {
    const start = performance.now();
    const answer = await handler(exchange, trusted);
    const { method, path } = exchange;
    onRequest({ method, path, status: answer.status, duration: performance.now() - start, userAgent });
    return answer;
  };
}

function kubeconfig(url: string, token: string, caCert: string): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: kco-embedded
  cluster:
    server: ${url}
    certificate-authority-data: ${new TextEncoder().encode(caCert).toBase64()}
users:
- name: kco-embedded
  user:
    token: ${token}
contexts:
- name: kco-embedded
  context:
    cluster: kco-embedded
    user: kco-embedded
    namespace: default
current-context: kco-embedded
`;
}
