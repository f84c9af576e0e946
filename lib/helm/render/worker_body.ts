import type { MessagePort } from "node:worker_threads";
import type { Chart } from "../types.ts";
import { RenderError } from "./errors.ts";
import { guarded } from "./render.ts";
import { Rendering, type Step } from "./rendering.ts";
import type { Order, Reply } from "./worker_protocol.ts";

/** Charts kept by a worker. The front forgets them in the same order. */
export const CHARTS_KEPT = 32;

/**
 * Serves orders that come through a port, one at a time. Templates can reach nothing but the functions that the engine
 * gives them; what the thread could do besides is taken away nevertheless.
 */
export function serveRenders(port: MessagePort): void {
  disarm();
  const charts = new Map<number, Chart>();
  let running: Rendering | undefined;

  function carryOut(order: Order): Step {
    if (order.kind === "render") {
      if (order.fresh !== undefined) keep(charts, order.chart, order.fresh);
      const chart = charts.get(order.chart);
      if (chart === undefined) throw new Error(`Chart ${order.chart} was never sent to this worker`);
      running = new Rendering({ ...order.input, chart });
    } else {
      running?.answer(order.key, order.object);
    }
    if (running === undefined) throw new Error("An answer came before a render");
    return running.step();
  }

  port.on("message", (order: Order) => port.postMessage(replyTo(() => carryOut(order))));
  port.postMessage({ kind: "ready" } satisfies Reply);
}

function replyTo(carryOut: () => Step): Reply {
  try {
    return guarded(carryOut);
  } catch (error) {
    if (error instanceof RenderError) return { kind: "failed", reason: error.reason, message: error.message };
    const message = error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : String(error);
    return { kind: "broken", message };
  }
}

function keep(charts: Map<number, Chart>, id: number, chart: Chart): void {
  charts.set(id, chart);
  const [oldest] = charts.keys();
  if (charts.size > CHARTS_KEPT && oldest !== undefined) charts.delete(oldest);
}

/** Removes the ways out of the thread from its global scope: files, network, environment, further threads. */
function disarm(): void {
  for (
    const name of [
      "Deno",
      "fetch",
      "WebSocket",
      "EventSource",
      "Worker",
      "caches",
      "localStorage",
      "process",
      "require",
    ]
  ) {
    Reflect.deleteProperty(globalThis, name);
  }
}
