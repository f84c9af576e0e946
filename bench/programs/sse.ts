/** An event server alone in its process, for `bench/sse.ts`: prints its port, ends when standard input closes. */
import { parseArgs } from "node:util";
import { startEventSse } from "../../controllers/eventsse/mod.ts";

const { values } = parseArgs({ options: { nats: { type: "string" } } });

const server = await startEventSse({
  port: 0,
  limits: { perAddress: 20_000 },
  ...(values.nats === undefined ? {} : { nats: { servers: values.nats } }),
});
console.log(JSON.stringify({ listening: server.port }));
for await (const _ of Deno.stdin.readable);
await server.close();
