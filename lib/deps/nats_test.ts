import { strictEqual } from "node:assert/strict";
import { loadNats } from "./nats.ts";

Deno.test("loadNats() lets the process outlive a socket's last words, and nothing else", async () => {
  await loadNats();
  const dispatched = (error: Error) => globalThis.dispatchEvent(new ErrorEvent("error", { error, cancelable: true }));
  strictEqual(dispatched(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" })), false, "prevented");
  strictEqual(dispatched(new Error("a mistake of ours")), true, "not prevented");
});
