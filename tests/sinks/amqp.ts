/** The sink `amqp` against a real RabbitMQ. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { loadAmqp } from "../../lib/deps/amqplib.ts";
import {
  deliveries,
  delivery,
  failure,
  oneBroken,
  openSink,
  retriesInOrder,
  sendAtLeastOnce,
  soon,
} from "./_events.ts";
import {
  accepts,
  contextWith,
  freePort,
  programPath,
  type RunningServer,
  startServer,
  writeCertificates,
} from "./_server.ts";
import { speaksMutualTls } from "./_tls.ts";

// Debian's own script in /usr/sbin changes to another user and folder.
const command = programPath("rabbitmq-server", ["/usr/lib/rabbitmq/bin"])?.replace(
  "/usr/sbin/",
  "/usr/lib/rabbitmq/bin/",
);
const epmd = programPath("epmd");
const ignore = command === undefined || epmd === undefined;
const secrets = { password: "guest", wrong: "no" };
const context = contextWith(secrets);

async function withRabbit(test: (port: number, tlsPort: number, server: RunningServer) => Promise<void>) {
  const port = freePort();
  const tlsPort = freePort();
  const node = `kco-${port}`;
  // The name server for Erlang nodes: without this one RabbitMQ would start one that outlives the test.
  const names = freePort();
  await using _names = await startServer({
    command: epmd ?? "",
    args: () => ["-port", String(names), "-address", "127.0.0.1"],
    ready: () => accepts(names),
  });
  await using server = await startServer({
    command: command ?? "",
    args: () => [],
    async prepare(folder) {
      await writeCertificates(folder);
      await Deno.writeTextFile(
        join(folder, "rabbitmq.conf"),
        `listeners.tcp.1 = 127.0.0.1:${port}
listeners.ssl.1 = 127.0.0.1:${tlsPort}
ssl_options.cacertfile = ${folder}/ca.pem
ssl_options.certfile = ${folder}/cert.pem
ssl_options.keyfile = ${folder}/key.pem
ssl_options.verify = verify_peer
ssl_options.fail_if_no_peer_cert = true
loopback_users = none
max_message_size = 1000000
`,
      );
      await Deno.writeTextFile(join(folder, "enabled_plugins"), "[].\n");
    },
    env: (folder) => ({
      HOME: folder,
      RABBITMQ_BASE: folder,
      RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq"),
      RABBITMQ_MNESIA_BASE: join(folder, "mnesia"),
      RABBITMQ_LOG_BASE: join(folder, "log"),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "enabled_plugins"),
      RABBITMQ_NODENAME: `${node}@localhost`,
      RABBITMQ_DIST_PORT: String(freePort()),
      // The server in the place of the script, so that ending the process ends the server.
      RUNNING_UNDER_SYSTEMD: "true",
      ERL_EPMD_PORT: String(names),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "+S 1:1",
      RABBITMQ_LOGS: "-",
    }),
    ready: async () => {
      await (await connected(port)).close();
      return true;
    },
  });
  await test(port, tlsPort, server);
}

async function connected(port: number) {
  const { connect } = await loadAmqp();
  const connection = await connect({ hostname: "127.0.0.1", port, username: "guest", password: "guest" });
  connection.on("error", () => {});
  return connection;
}

/** What a queue holds, in its order. */
async function messages(port: number, queue: string) {
  const connection = await connected(port);
  const channel = await connection.createChannel();
  const found = [];
  for (;;) {
    const message = await channel.get(queue, { noAck: true });
    if (message === false) break;
    const { messageId, deliveryMode, contentType } = message.properties;
    found.push({ messageId, deliveryMode, contentType, body: JSON.parse(message.content.toString()) });
  }
  await connection.close();
  return found;
}

Deno.test({
  name: "amqp against RabbitMQ",
  ignore,
  async fn(test) {
    await withRabbit(async (port, tlsPort, server) => {
      const target = { host: "127.0.0.1", port };

      await test.step("publishes each delivery in order, persistently, and goes on after the server was killed", async () => {
        const settings = { ...target, queue: { name: "events", type: "classic" } };
        await using sink = await openSink("amqp", settings, context);
        await sink.send(deliveries(0, 5), soon());
        await server.restart();
        await sendAtLeastOnce(sink, deliveries(5, 8));
        const found = await messages(port, "events");
        assert.deepEqual(found.map(({ messageId }) => messageId), deliveries(0, 8).map(({ id }) => id));
        assert.deepEqual(found.map(({ body }) => body), deliveries(0, 8).map(({ body }) => body));
        assert.deepEqual([found[0]?.deliveryMode, found[0]?.contentType], [2, "application/json"]);
      });

      await test.step("says Misconfigured for a wrong password, a missing exchange, virtual host or queue", async () => {
        const wrong = { auth: { username: "guest", secretRef: { name: "auth", key: "wrong" } } };
        for (const settings of [wrong, { exchange: "nowhere" }, { virtualHost: "other" }]) {
          const error = await failure(openSink("amqp", { ...target, ...settings }, context));
          assert.equal(error.reason, "Misconfigured", error.message);
        }
        await using sink = await openSink("amqp", target, context);
        const unrouted = await failure(sink.send(deliveries(0, 2), soon()));
        assert.equal(unrouted.reason, "Misconfigured");
        assert.match(unrouted.message, /NO_ROUTE/);
      });

      await test.step("publishes nothing of an object after what failed of it, so that the retry keeps the order", async () => {
        const queue = { name: "ordered", type: "classic", bindingKey: "BackOff" };
        const settings = { ...target, exchange: "amq.direct", routingKey: "{reason}", queue };
        await using sink = await openSink("amqp", settings, context);
        await retriesInOrder(sink, async () => {
          const connection = await connected(port);
          const channel = await connection.createChannel();
          await channel.bindQueue("ordered", "amq.direct", "Broken");
          await connection.close();
        });
        const [first, broken, other, last] = oneBroken();
        const found = await messages(port, "ordered");
        assert.deepEqual(found.map(({ messageId }) => messageId), [first, other, broken, last].map(({ id }) => id));
      });

      const bound = {
        exchange: "amq.topic",
        routingKey: "{namespace}.{kind}",
        queue: { name: "q", bindingKey: "demo.*" },
      };
      await test.step("says Refused for a message that is too large, and goes on with the others", async () => {
        await using sink = await openSink("amqp", { ...target, ...bound }, context);
        const large = delivery(1, { message: "x".repeat(1_500_000) });
        assert.equal((await failure(sink.send([large], soon()))).reason, "Refused");
        await sendAtLeastOnce(sink, deliveries(0, 2));
        assert.equal((await messages(port, "q")).length, 2);
      });

      await test.step("speaks TLS with a server that it trusts, and shows its certificate", async () => {
        await speaksMutualTls("amqp", { ...target, ...bound, port: tlsPort }, secrets);
      });

      await test.step("says Unavailable when the server has gone", async () => {
        await using sink = await openSink("amqp", { ...target, ...bound }, context);
        await server.stop();
        assert.equal((await failure(sink.send(deliveries(0, 1), soon(3_000)))).reason, "Unavailable");
        assert.equal((await failure(openSink("amqp", target, context))).reason, "Unavailable");
      });
    });
  },
});
