import { deepEqual, equal, rejects } from "node:assert/strict";
import { join } from "node:path";
import type { KubeClient, KubeRequest } from "../../lib/kube/mod.ts";
import { FileCheckpoint } from "./checkpoint_file.ts";
import { ofThisHistory, resumeFrom } from "./resume.ts";

async function withDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    await work(join(directory, "state"));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("FileCheckpoint knows after a kill what was acknowledged after the last save", async () => {
  await withDirectory(async (directory) => {
    const first = new FileCheckpoint(directory);
    deepEqual(await first.load(), {});
    await first.save({ r: { "": { seen: 9, pending: [[3, 5]] } } });
    first.acknowledged("r", "", [3, 4]);
    first.acknowledged("r", "", [11]);
    first.acknowledged("new", "ns", [7]);
    const second = new FileCheckpoint(directory);
    const positions = await second.load();
    deepEqual(positions, {
      r: { "": { seen: 9, pending: [[3, 5]], acknowledged: [3, 4, 11] } },
      new: { ns: { seen: 0, pending: [], acknowledged: [7] } },
    });
    // Loading again without a word in between tells the same.
    second.close();
    first.close();
    const third = new FileCheckpoint(directory);
    deepEqual(await third.load(), positions);
    third.close();
  });
});

Deno.test("FileCheckpoint takes a journal whose last line was cut", async () => {
  await withDirectory(async (directory) => {
    await Deno.mkdir(directory);
    await Deno.writeTextFile(join(directory, "checkpoint.json"), '{"r":{"":{"seen":5,"pending":[[2,4]]}}}');
    await Deno.writeTextFile(join(directory, "acknowledged.log"), "r : 2 3\nr : 4");
    const checkpoint = new FileCheckpoint(directory);
    deepEqual(await checkpoint.load(), { r: { "": { seen: 5, pending: [[2, 4]], acknowledged: [2, 3] } } });
    checkpoint.close();
  });
});

Deno.test("resumeFrom() is the lowest position of those that count; best-effort sinks hold nothing back", () => {
  const held = [
    { atLeastOnce: true, positions: { "": { seen: 90, pending: [[40, 42] as const] }, ns: { seen: 7, pending: [] } } },
    { atLeastOnce: false, positions: { "": { seen: 80, pending: [[3, 3] as const] } } },
  ];
  deepEqual(resumeFrom(held), new Map([["", { after: 39 }], ["ns", { after: 7 }]]));
});

Deno.test("resumeFrom() asks for lists up to where ranges reach over what a list left out", () => {
  const coarse = { seen: 90, pending: [[40, 80] as const], coarse: true as const };
  const exact = { seen: 95, pending: [[20, 20] as const] };
  const held = (atLeastOnce: boolean) => [
    { atLeastOnce, positions: { "": coarse } },
    { atLeastOnce: true, positions: { "": exact } },
  ];
  deepEqual(resumeFrom(held(true)), new Map([["", { after: 19, listUntil: 90 }]]));
  deepEqual(resumeFrom(held(false)), new Map([["", { after: 19 }]]));
});

Deno.test("resumeFrom() asks for a list where acknowledgements are known but no position", () => {
  const state = { seen: 0, pending: [], acknowledged: [5] };
  equal(resumeFrom([{ atLeastOnce: true, positions: { "": state } }]).has(""), false);
});

/** A client of an API server whose Events are at a position; `undefined`: that never answers. */
function clientAt(position: number | undefined): KubeClient {
  const performRequest = ({ abortSignal }: KubeRequest) => {
    const list = JSON.stringify({ kind: "EventList", metadata: { resourceVersion: String(position) }, items: [] });
    if (position !== undefined) return Promise.resolve(new TextEncoder().encode(list));
    return new Promise((_, reject) => {
      abortSignal?.addEventListener("abort", () => reject(abortSignal.reason));
    });
  };
  // Of a client this uses one call alone.
  return { transport: { performRequest } } as unknown as KubeClient;
}

Deno.test("ofThisHistory() keeps positions that the API server has reached, and discards those of another history", async () => {
  const positions = { r: { "": { seen: 7, pending: [] } } };
  deepEqual(await ofThisHistory(clientAt(7), "v1", positions), { positions, discarded: false });
  deepEqual(await ofThisHistory(clientAt(6), "v1", positions), { positions: {}, discarded: true });
});

Deno.test("ofThisHistory() fails where the API server does not answer, so that it is asked again on a new connection", async () => {
  const positions = { r: { "": { seen: 7, pending: [] } } };
  await rejects(ofThisHistory(clientAt(undefined), "v1", positions, 5), { name: "KubeError" });
});
