import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { serveRenders } from "./worker_body.ts";
import { WORKER_ROLE } from "./worker_protocol.ts";

/** MiB for the stack of a worker: templates may include one another a thousand times. */
const STACK_SIZE = 16;

/**
 * Starts a worker thread that renders.
 *
 * The thread runs the very file that this function is in: this module when run from source, the whole bundle when
 * bundled. What it is meant for it learns from its data, below. Nothing needs to know where the parts of a bundle are.
 *
 * The thread inherits the permissions of the process: taking them away needs an unstable option of the runtime. The
 * templates cannot use them, because they reach no host object.
 *
 * @param maxMemory MiB of the thread's heap.
 */
export function startWorker(maxMemory: number): Worker {
  // Not this file itself: a bundle's entry must not take itself for the program's main module again.
  const entry = `data:text/javascript,await import(${encodeURIComponent(JSON.stringify(import.meta.url))})`;
  return new Worker(new URL(entry), {
    workerData: WORKER_ROLE,
    resourceLimits: { maxOldGenerationSizeMb: maxMemory, stackSizeMb: STACK_SIZE },
  });
}

if (!isMainThread && workerData === WORKER_ROLE && parentPort !== null) serveRenders(parentPort);
