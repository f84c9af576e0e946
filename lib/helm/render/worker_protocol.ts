import type { Chart, RenderResult } from "../types.ts";
import type { LookupKey } from "./lookup.ts";
import type { RenderErrorReason } from "./errors.ts";
import type { RenderInput } from "./rendering.ts";

/** Marks a thread as one of ours: the file that starts it is also the file that it runs. */
export const WORKER_ROLE = "kco-render-worker";

/** A chart in the worker, by the number that the front gave it. */
export type Order =
  | {
    readonly kind: "render";
    readonly input: Omit<RenderInput, "chart">;
    readonly chart: number;
    readonly fresh: Chart | undefined;
  }
  | { readonly kind: "answer"; readonly key: LookupKey; readonly object: unknown };

/** What a worker says. Every order gets exactly one reply. */
export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly result: RenderResult }
  | { readonly kind: "lookup"; readonly key: LookupKey }
  | { readonly kind: "failed"; readonly reason: RenderErrorReason; readonly message: string }
  | { readonly kind: "broken"; readonly message: string };
