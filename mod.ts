/** The binary: `kco`. */
import { isMainThread } from "node:worker_threads";
import { loadThread, program } from "./cli/mod.ts";

if (import.meta.main) await (await program(Deno.args[0])).parseAsync(["deno", "kco", ...Deno.args]);
else if (!isMainThread) await loadThread();
