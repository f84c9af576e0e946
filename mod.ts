/** The binary: `kco`. */
import { program } from "./cli/mod.ts";

if (import.meta.main) await program().parseAsync(["deno", "kco", ...Deno.args]);
