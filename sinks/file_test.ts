import assert from "node:assert/strict";
import { join } from "node:path";
import { contextWith, deliveries, failure, soon } from "./_testing.ts";
import { file, openFileSink } from "./file.ts";

async function withFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const linesIn = async (path: string) => (await Deno.readTextFile(path)).trimEnd().split("\n");
const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("file appends a line of JSON each and goes on where it stood when opened anew", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "events.log");
    for (const [from, to] of [[0, 2], [2, 3]] as const) {
      const sink = await file.open({ path }, contextWith());
      await sink.send(deliveries(from, to), soon());
      await sink.close();
    }
    assert.deepEqual((await linesIn(path)).map((line) => JSON.parse(line)), deliveries(0, 3).map(({ body }) => body));
  });
});

Deno.test("file begins a line of its own after half a line that a killed router left", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "events.log");
    await Deno.writeTextFile(path, '{"half":');
    const sink = await file.open({ path }, contextWith());
    await sink.send(deliveries(0, 1), soon());
    await sink.close();
    const [half, whole] = await linesIn(path);
    assert.equal(half, '{"half":');
    assert.deepEqual(JSON.parse(whole ?? ""), deliveries(0, 1)[0]?.body);
  });
});

Deno.test("file begins a new file at its size and keeps as many old ones as told", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "events.log");
    let now = Date.UTC(2026, 0, 1);
    const sink = await openFileSink({ path, maxBytes: 1024, maxFiles: 2 }, () => now);
    for (let n = 0; n < 8; n += 1) {
      await sink.send(deliveries(n, n + 1), soon()); // about 600 bytes
      now += 1_000;
    }
    await sink.close();
    assert.deepEqual(names(folder), ["events.log", "events.log.20260101T000006000Z", "events.log.20260101T000007000Z"]);
    assert.equal((await linesIn(path)).length, 1);
  });
});

Deno.test("file begins a new file at its age, and gives two of one moment names of their own", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "events.log");
    let now = Date.UTC(2026, 0, 1);
    const sink = await openFileSink({ path, maxAgeSeconds: 60 }, () => now);
    await sink.send(deliveries(0, 1), soon());
    now += 59_000;
    await sink.send(deliveries(1, 2), soon());
    assert.deepEqual(names(folder), ["events.log"]);
    now += 1_000;
    await Deno.writeTextFile(`${path}.20260101T000100000Z`, "");
    await sink.send(deliveries(2, 3), soon());
    await sink.close();
    assert.deepEqual(names(folder), [
      "events.log",
      "events.log.20260101T000100000Z",
      "events.log.20260101T000100000Z-0001",
    ]);
    assert.equal((await linesIn(path)).length, 1);
  });
});

Deno.test("file says Misconfigured where the path is a folder or has none, and names it", async () => {
  await withFolder(async (folder) => {
    for (const path of [folder, join(folder, "missing", "events.log")]) {
      const error = await failure(file.open({ path }, contextWith()));
      assert.equal(error.reason, "Misconfigured");
      assert.ok(error.message.includes(path), error.message);
    }
  });
});

Deno.test("file recovers when the next file could not be begun", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "sub", "events.log");
    await Deno.mkdir(join(folder, "sub"));
    const sink = await openFileSink({ path, maxBytes: 1024 }, Date.now);
    await sink.send(deliveries(0, 1), soon());
    await Deno.rename(join(folder, "sub"), join(folder, "away"));
    assert.equal((await failure(sink.send(deliveries(1, 3), soon()))).reason, "Misconfigured");
    await Deno.rename(join(folder, "away"), join(folder, "sub"));
    await sink.send(deliveries(1, 3), soon());
    await sink.close();
    assert.equal((await linesIn(path)).length, 2, "the first one is in a file of its own");
  });
});

Deno.test({
  name: "file leaves no half of a batch behind when the disk is full, and says Unavailable",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const sink = await openFileSink({ path: "/dev/full", sync: false }, Date.now);
    assert.equal((await failure(sink.send(deliveries(0, 1), soon()))).reason, "Unavailable");
    await sink.close();
  },
});
