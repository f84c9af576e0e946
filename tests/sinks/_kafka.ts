/** A Kafka broker of the jars that `tools/kafka/pom.xml` names. */
import { join } from "node:path";
import { javaWith } from "./_jars.ts";
import { accepts, freePort, type RunningServer, startServer } from "./_server.ts";

/** Starts a broker that is its own controller. */
export async function startKafka(port: number): Promise<RunningServer> {
  const { command, options } = await javaWith("kafka", 256);
  const controller = freePort();
  const properties = (folder: string) => join(folder, "server.properties");
  return await startServer({
    command,
    async prepare(folder) {
      await Deno.writeTextFile(properties(folder), settings(folder, port, controller));
      const tool = ["kafka.tools.StorageTool", "format", "-t", "4L6g3nShT-eMCtK--X86sw", "-c", properties(folder)];
      const { success, stdout, stderr } = await new Deno.Command(command, { args: [...options, ...tool], cwd: folder })
        .output();
      if (!success) throw new Error(new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr));
    },
    args: (folder) => [...options, "kafka.Kafka", properties(folder)],
    ready: () => accepts(port),
  });
}

function settings(folder: string, port: number, controller: number): string {
  return Object.entries({
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controller}`,
    "listeners": `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "log.dirs": join(folder, "log"),
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "offsets.topic.num.partitions": 1,
    "auto.create.topics.enable": false,
    "message.max.bytes": 1_000_000,
    // A broker that was killed may come back at once, and a consumer begins at once.
    "broker.heartbeat.interval.ms": 200,
    "broker.session.timeout.ms": 1_000,
    "group.initial.rebalance.delay.ms": 0,
  }).map(([key, value]) => `${key}=${value}\n`).join("");
}
