/** A Kafka broker of the jars that `tools/kafka/pom.xml` names, in a cache folder outside the repository. */
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../../tools/binaries.ts";
import { accepts, freePort, programPath, type RunningServer, startServer } from "./_server.ts";

const POM = fileURLToPath(new URL("../../tools/kafka/pom.xml", import.meta.url));
const DOWNLOAD_LIMIT = 120_000;

/** Why there is no broker; `undefined` where there is one. In CI the jars are downloaded where they are missing. */
export async function kafkaMissing(): Promise<string | undefined> {
  if (programPath("java") === undefined) return "java is not installed";
  if (await exists(await jarFolder())) return undefined;
  if (Deno.env.get("CI") === undefined) return "its jars are not in the cache: CI=true downloads them";
  if (programPath("mvn") === undefined) return "its jars are not in the cache, and mvn is not installed";
  return await download();
}

/** Starts a broker that is its own controller. */
export async function startKafka(port: number): Promise<RunningServer> {
  const classpath = join(await jarFolder(), "*");
  const controller = freePort();
  const java = programPath("java") ?? "java";
  const options = ["-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", classpath];
  const properties = (folder: string) => join(folder, "server.properties");
  return await startServer({
    command: java,
    async prepare(folder) {
      await Deno.writeTextFile(properties(folder), settings(folder, port, controller));
      const tool = [
        ...options,
        "kafka.tools.StorageTool",
        "format",
        "-t",
        "4L6g3nShT-eMCtK--X86sw",
        "-c",
        properties(folder),
      ];
      const { success, stdout, stderr } = await new Deno.Command(java, { args: tool, cwd: folder }).output();
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

async function jarFolder(): Promise<string> {
  const digest = createHash("sha256").update(await Deno.readTextFile(POM)).digest("hex").slice(0, 12);
  return join(cacheFolder(), `kafka-${digest}`);
}

/** Into a folder that gets its name when it is complete. */
async function download(): Promise<string | undefined> {
  const folder = await jarFolder();
  const unfinished = `${folder}.${Deno.pid}.tmp`;
  await Deno.mkdir(dirname(folder), { recursive: true });
  console.error(`Downloading the jars of ${basename(folder)} (once) …`);
  const plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
  const args = ["-q", "-B", "-f", POM, plugin, `-DoutputDirectory=${unfinished}`, "-DincludeScope=runtime"];
  const signal = AbortSignal.timeout(DOWNLOAD_LIMIT);
  const { success, stdout } = await new Deno.Command("mvn", { args, stdout: "piped", stderr: "null", signal }).output();
  if (!success) {
    if (await exists(unfinished)) await Deno.remove(unfinished, { recursive: true });
    return `its jars cannot be had: ${new TextDecoder().decode(stdout).split("\n")[0]}`;
  }
  await Deno.rename(unfinished, folder);
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
