/** The sink `syslog` against a real rsyslogd. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { TEST_CA } from "../../sinks/tls_testing.ts";
import { deliveries, delivery, openSink, soon } from "./_events.ts";
import {
  accepts,
  contextWith,
  freePort,
  programPath,
  type RunningServer,
  startServer,
  until,
  writeCertificates,
} from "./_server.ts";

const command = programPath("rsyslogd");
const ignore = command === undefined;
const withTls = !ignore && hasModule("lmnsd_gtls.so");

function hasModule(name: string): boolean {
  return ["/usr/lib/x86_64-linux-gnu/rsyslog", "/usr/lib/aarch64-linux-gnu/rsyslog", "/usr/lib64/rsyslog"].some(
    (folder) => {
      try {
        return Deno.statSync(`${folder}/${name}`).isFile;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return false;
        throw error;
      }
    },
  );
}

interface Ports {
  readonly tcp: number;
  readonly udp: number;
}

/** Writes what it received as JSON lines: what it took for the parts of each message. */
function configuration(folder: string, { tcp, udp }: Ports, tls: boolean): string {
  const driver = tls ? 'StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="anon"' : "";
  return `
global(workDirectory="${folder}" maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off"
  ${
    tls
      ? `DefaultNetstreamDriverCAFile="${folder}/ca.pem" DefaultNetstreamDriverCertFile="${folder}/cert.pem"
  DefaultNetstreamDriverKeyFile="${folder}/key.pem"`
      : ""
  })
module(load="imtcp" ${driver})
module(load="imudp")
template(name="parts" type="list" option.jsonf="on") {
  property(outname="priority" name="pri" format="jsonf")
  property(outname="time" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
  property(outname="app" name="app-name" format="jsonf")
  property(outname="id" name="msgid" format="jsonf")
  property(outname="data" name="structured-data" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
}
ruleset(name="all") { action(type="omfile" file="${folder}/received" template="parts") }
input(type="imtcp" address="127.0.0.1" port="${tcp}" ruleset="all")
input(type="imudp" address="127.0.0.1" port="${udp}" ruleset="all")
`;
}

async function withRsyslog(tls: boolean, test: (ports: Ports, server: RunningServer) => Promise<void>) {
  const ports = { tcp: freePort(), udp: freePort() };
  await using server = await startServer({
    command: command ?? "",
    async prepare(folder) {
      await Deno.writeTextFile(join(folder, "rsyslog.conf"), configuration(folder, ports, tls));
      await writeCertificates(folder);
    },
    args: (folder) => ["-n", "-iNONE", "-f", join(folder, "rsyslog.conf")],
    ready: () => accepts(ports.tcp),
  });
  await test(ports, server);
}

/** Its records, when there are `count`. */
async function received(server: RunningServer, count: number): Promise<Record<string, string>[]> {
  let records: Record<string, string>[] = [];
  await until(
    `${count} messages`,
    async () => {
      const text = await Deno.readTextFile(join(server.folder, "received"));
      records = text.trimEnd().split("\n").map((line) => JSON.parse(line));
      return records.length >= count;
    },
    10_000,
    () => server.output(),
  );
  return records;
}

const odd = delivery(2, { reason: 'Odd"]\\ reason' });

Deno.test({
  name: "syslog over TCP and UDP: rsyslog finds each part of each message",
  ignore,
  async fn() {
    await withRsyslog(false, async ({ tcp, udp }, server) => {
      for (const settings of [{ port: tcp }, { port: udp, transport: "udp" }]) {
        await using sink = await openSink("syslog", { host: "127.0.0.1", ...settings }, contextWith());
        await sink.send([...deliveries(0, 2), odd], soon());
      }
      const records = await received(server, 6);
      const order = (record: Record<string, string>) => Number(/count="(\d+)"/.exec(record.data ?? "")?.[1]);
      for (const half of [records.slice(0, 3), records.slice(3)]) {
        assert.deepEqual(half.map(order).sort(), [1, 2, 3]);
        const [first] = half.filter((record) => order(record) === 1);
        assert.deepEqual([first?.priority, first?.time, first?.host, first?.app, first?.id], [
          ...["132", "2026-01-02T03:04:05.000Z", "node-1", "kco"],
          "BackOff",
        ]);
        assert.deepEqual(JSON.parse(first?.message?.trimStart() ?? ""), delivery(0).body);
        const [third] = half.filter((record) => order(record) === 3);
        assert.ok(third?.data?.includes('reason="Odd\\"\\]\\\\ reason"'), third?.data);
      }
    });
  },
});

Deno.test({
  name: "syslog over TLS: rsyslog decrypts what a client that trusts it has sent",
  ignore: !withTls,
  async fn() {
    await withRsyslog(true, async ({ tcp }, server) => {
      const settings = { host: "127.0.0.1", port: tcp, transport: "tls", tls: { caCert: TEST_CA } };
      await using sink = await openSink("syslog", settings, contextWith());
      await sink.send(deliveries(0, 2), soon());
      assert.equal((await received(server, 2)).length, 2);
    });
  },
});
