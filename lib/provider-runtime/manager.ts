/** Running controllers: start, supervise, watch over, stop. */
import { getLogger } from "../deps/logtape.ts";
import { type Observable, of, Subscription } from "../deps/rxjs.ts";
import { backoffDelay, type Clock, systemClock } from "../kube/mod.ts";
import { Health } from "./health.ts";
import { type HealthServer, serveHealth } from "./health_server.ts";
import { Lead } from "./_lead.ts";
import { bindLifecycle } from "./_lifecycle.ts";
import { type ControllerMetrics, createMetrics, POISON, type RuntimeMetrics } from "./metrics.ts";
import type { Outcome } from "./types.ts";

/** What a controller is given. */
export interface ControllerContext {
  /** Aborts when the process is to stop: take no more keys, finish those at work, complete. Pass it to `reconcile`. */
  readonly drain: AbortSignal;
  /** Pass it to `reconcile` as `observer`. */
  readonly metrics: ControllerMetrics;
  /** For checks of its own, e.g. `health.watch("pods")`. */
  readonly health: Health;
}

/** A controller: a name, and a pipeline that is built anew at each start. */
export interface Controller {
  readonly name: string;
  readonly run: (context: ControllerContext) => Observable<Outcome<string>>;
  /**
   * What it does while another process leads. `stop` (the default): nothing; its pipeline is built when the lead comes and torn
   * down when it goes. `warm`: its pipeline runs and its stores follow, but the `reconcile` stages that are given `drain` take no
   * key. `run`: everything, as if there were no leader.
   */
  readonly standby?: "stop" | "warm" | "run";
}

/** Options of {@linkcode startManager}. Times in ms. */
export interface ManagerOptions {
  readonly controllers: readonly Controller[];
  /** Port of `/livez`, `/readyz` and `/metrics`; 0 for a free one, absent for none. */
  readonly port?: number;
  /** Address to listen on. Default `0.0.0.0`. */
  readonly hostname?: string;
  /** Stops the manager when it aborts. */
  readonly signal?: AbortSignal;
  /** How long keys at work may take to finish. Default 25,000, below the 30 s that a pod is given. */
  readonly drainDeadline?: number;
  readonly metrics?: RuntimeMetrics;
  readonly health?: Health;
  /**
   * Who leads, e.g. `elect(…).leadership$`: controllers work while this process does. Losing the lead aborts their work at once,
   * without draining: somebody else may already be at it. A process that stands by is ready, and says so.
   */
  readonly leadership$?: Observable<{ readonly leading: boolean; readonly holder?: string | undefined }>;
  readonly clock?: Clock;
}

/** Running controllers. */
export interface Manager {
  readonly health: Health;
  readonly metrics: RuntimeMetrics;
  /** Where health is served, if it is. */
  readonly port: number | undefined;
  /** Drains, then stops; resolves when nothing runs any more. May be called twice. */
  stop(): Promise<void>;
  /** Resolves when the manager has stopped, whoever stopped it. */
  readonly stopped: Promise<void>;
}

const RESTART = { base: 1_000, max: 60_000, jitter: 0.2 };
/** ms that a pipeline must live for its next failure to count as the first. */
const STEADY = 60_000;
const logger = getLogger(["kco", "manager"]);

/**
 * Starts controllers and keeps them running: a pipeline that fails or completes is built anew with back-off, and the process
 * is not ready meanwhile; the others do not notice.
 */
export function startManager(options: ManagerOptions): Manager {
  const health = options.health ?? new Health();
  const metrics = options.metrics ?? createMetrics();
  const drain = new AbortController();
  const deadline = new AbortController();
  const clock = options.clock ?? systemClock;
  health.add("manager", () => drain.signal.aborted ? "stopping" : undefined);

  const elected = new Lead(options.leadership$ ?? ALWAYS);
  const always = new Lead(ALWAYS);
  if (options.leadership$ !== undefined) health.note("leader election", () => elected.description);
  const running = options.controllers.map((controller) => {
    const { name, standby } = controller;
    const controllerMetrics = metrics.forController(name);
    const lead = standby === "run" ? always : elected;
    const context = { drain: drainOf(drain.signal, lead, controllerMetrics), metrics: controllerMetrics, health };
    return supervise(controller, context, deadline.signal, standby === "warm" ? always : lead, clock);
  });
  const server: HealthServer | undefined = options.port === undefined
    ? undefined
    : serveHealth({ port: options.port, hostname: options.hostname ?? "0.0.0.0", health, registry: metrics.registry });

  let stopping: Promise<void> | undefined;
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  const stop = (): Promise<void> => {
    options.signal?.removeEventListener("abort", stop);
    return stopping ??= shutDown().then(resolve);
  };
  const shutDown = async () => {
    logger.info("Draining");
    drain.abort();
    const timer = new AbortController();
    const late = clock.sleep(options.drainDeadline ?? 25_000, timer.signal).then(() => {
      if (timer.signal.aborted) return;
      logger.warn("Work is not done within the drain deadline and is aborted");
      deadline.abort();
    });
    await Promise.all(running);
    elected.close();
    always.close();
    timer.abort();
    await late;
    await server?.close();
    logger.info("Stopped");
  };
  if (options.signal?.aborted) stop();
  else options.signal?.addEventListener("abort", stop);
  return { health, metrics, port: server?.port, stop, stopped };
}

const ALWAYS: Observable<{ readonly leading: boolean }> = of({ leading: true });

/** A signal of one controller's own: its stages find by it who leads, and where to count. */
function drainOf(drain: AbortSignal, lead: Lead, metrics: ControllerMetrics): AbortSignal {
  const own = new AbortController();
  drain.addEventListener("abort", () => own.abort(drain.reason));
  bindLifecycle(own.signal, { lead, observe: metrics.stage });
  return own.signal;
}

/** Runs one controller while this process leads, until it has drained, or until `deadline`. */
async function supervise(
  controller: Controller,
  context: ControllerContext,
  deadline: AbortSignal,
  lead: Lead,
  clock: Clock,
): Promise<void> {
  const log = logger.getChild(controller.name);
  let failures = 0;
  let problem: string | undefined;
  context.health.add(`controller ${controller.name}`, () => problem);
  while (!context.drain.aborted) {
    problem = undefined;
    const lost = await lead.wait(context.drain);
    if (lost === undefined) return;
    const started = clock.now();
    const error = await runOnce(controller, context, [deadline, lost], log);
    if (context.drain.aborted) return;
    if (lost.aborted) {
      log.warn("The lead is lost and the pipeline ended");
      continue;
    }
    failures = clock.now() - started > STEADY ? 1 : failures + 1;
    const delay = backoffDelay(failures, RESTART, clock.random);
    problem = error === undefined ? "its pipeline completed" : `its pipeline failed: ${messageOf(error)}`;
    context.metrics.restarted();
    log.error("The pipeline ended and is started again in {delay} ms: {problem}", { delay, problem, error });
    await clock.sleep(delay, context.drain);
  }
}

/** Resolves when the pipeline ends, with its error if it failed, or when one of `ends` aborts. */
function runOnce(
  controller: Controller,
  context: ControllerContext,
  ends: readonly AbortSignal[],
  log: ReturnType<typeof getLogger>,
): Promise<unknown> {
  return new Promise((resolve) => {
    const subscription = new Subscription();
    const end = (error?: unknown) => {
      subscription.unsubscribe();
      resolve(error);
    };
    const cut = () => end();
    for (const signal of ends) {
      signal.addEventListener("abort", cut);
      subscription.add(() => signal.removeEventListener("abort", cut));
    }
    try {
      subscription.add(
        controller.run(context).subscribe({
          next: (outcome) => {
            context.metrics.outcome(outcome);
            tell(log, outcome);
          },
          error: (error) => end(error ?? new Error("unknown")),
          complete: () => end(),
        }),
      );
    } catch (error) {
      end(error);
    }
  });
}

function tell(log: ReturnType<typeof getLogger>, outcome: Outcome<string>): void {
  const { key, duration } = outcome;
  if (outcome.type === "ok") {
    log.debug("Reconciled {key} in {duration} ms", { key, duration });
    return;
  }
  const { error, failures, retryAfter } = outcome;
  const properties = { key, duration, failures, retryAfter, error: messageOf(error) };
  log.warn("Cannot reconcile {key} (failure {failures}, again in {retryAfter} ms): {error}", properties);
  if (failures === POISON) {
    log.error("{key} has failed {failures} times in a row: somebody should look at it", properties);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
