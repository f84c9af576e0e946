/** The sink `kafka` against a real broker. */
import assert from "node:assert/strict";
import { loadKafka } from "../../lib/deps/kafkajs.ts";
import { deliveries, delivery, failure, openSink, sendAtLeastOnce, soon } from "./_events.ts";
import { jarsMissing } from "./_jars.ts";
import { startKafka } from "./_kafka.ts";
import { contextWith, freePort, until } from "./_server.ts";

const missing = await jarsMissing("kafka");
const name = `kafka${missing === undefined ? "" : ` (${missing})`}`;
const context = contextWith();

async function client(port: number) {
  const { Kafka, logLevel } = await loadKafka();
  return new Kafka({ brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING });
}

/** Creates the topic, which shows that the broker has registered as well. */
async function createTopic(port: number, topic: string) {
  const admin = (await client(port)).admin();
  await until("the topic exists", async () => {
    await admin.connect();
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 3 }] });
    return (await admin.listTopics()).includes(topic);
  }, 30_000);
  await admin.disconnect();
}

/** What the topic holds, by partition in its order, when there are `count`. */
async function messages(port: number, topic: string, count: number) {
  const consumer = (await client(port)).consumer({ groupId: "suite", retry: { retries: 10 } });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const found: { partition: number; key: string; id: string; body: unknown }[] = [];
  await consumer.run({
    eachMessage: async ({ partition, message: { key, value, headers } }) => {
      found.push({ partition, key: String(key), id: String(headers?.id), body: JSON.parse(String(value)) });
    },
  });
  await until(`${count} messages`, () => found.length >= count, 30_000, () => `${found.length}`);
  await consumer.disconnect();
  return found;
}

Deno.test({
  name:
    `${name} keeps the order of each object's deliveries in one partition, although the broker is killed in between`,
  ignore: missing !== undefined,
  async fn() {
    const port = freePort();
    await using server = await startKafka(port);
    await createTopic(port, "kube-events");
    const settings = { brokers: [`127.0.0.1:${port}`], topic: "kube-events" };
    {
      await using sink = await openSink("kafka", { ...settings, compression: "gzip" }, context);
      await sink.send(deliveries(0, 6), soon());
      await server.restart();
      await sendAtLeastOnce(sink, deliveries(6, 12), 60_000);
      // Digits that gzip does not make a tenth of.
      const large = delivery(99, { message: Array.from({ length: 800_000 }, (_, n) => (n * 7919) % 99991).join("") });
      assert.equal((await failure(sink.send([large], soon()))).reason, "Refused");
      await sink.send([delivery(12)], soon());
    }
    const found = await messages(port, "kube-events", 13);
    for (const key of ["pod-0", "pod-1", "pod-2"]) {
      const own = found.filter((message) => message.key === key);
      const ids = own.map(({ id }) => id).filter((id, index, all) => all.indexOf(id) === index);
      assert.deepEqual(ids, deliveries(0, 13).filter((one) => one.key === key).map(({ id }) => id));
      assert.equal(new Set(own.map(({ partition }) => partition)).size, 1);
    }
    assert.deepEqual(found.find(({ id }) => id === "uid-0/100")?.body, delivery(0).body);

    const nowhere = await failure(openSink("kafka", { ...settings, topic: "nowhere" }, context));
    assert.equal(nowhere.reason, "Misconfigured", nowhere.message);
    await server.stop();
    assert.equal((await failure(openSink("kafka", settings, context))).reason, "Unavailable");
  },
});
