import { deepEqual, equal, rejects } from "node:assert/strict";
import { KubeError } from "../../lib/kube/mod.ts";
import { forgetful } from "./checkpoint.ts";
import { PositionKeeper } from "./position_keeper.ts";

/** A keeper whose clock and checkpoint a test plays. */
function scene() {
  const saves: number[] = [];
  const told: string[] = [];
  const scene = { now: 0, fails: undefined as Error | undefined };
  const keeper = new PositionKeeper({
    checkpoint: {
      ...forgetful,
      save: () => {
        saves.push(scene.now);
        return scene.fails === undefined ? Promise.resolve() : Promise.reject(scene.fails);
      },
    },
    period: 1_000,
    onError: (message, error) => told.push(`${message}: ${error instanceof Error ? error.message : error}`),
    now: () => scene.now,
  });
  /** Asks each second, with something new to keep. */
  const run = async (seconds: number) => {
    for (let n = 0; n < seconds; n++) {
      await keeper.keep({ r: { "": { seen: scene.now + 1, pending: [] } } });
      scene.now += 1_000;
    }
  };
  return { scene, keeper, saves, told, run };
}

Deno.test("PositionKeeper tries less and less often while it fails, each minute at least, and tells each message once", async () => {
  const { scene: played, saves, told, run } = scene();
  played.fails = new Error("forbidden");
  await run(200);
  deepEqual(saves.map((at) => at / 1_000), [0, 1, 3, 7, 15, 31, 63, 123, 183]);
  deepEqual(told, ["Cannot keep positions: forbidden"]);
  played.fails = new Error("gone");
  await run(60);
  deepEqual(told.slice(1), ["Cannot keep positions: gone"]);
});

Deno.test("PositionKeeper keeps what changed as before once it works again, and tells a later failure anew", async () => {
  const { scene: played, saves, told, run } = scene();
  played.fails = new Error("forbidden");
  await run(4);
  played.fails = undefined;
  await run(6);
  deepEqual(saves.map((at) => at / 1_000), [0, 1, 3, 7, 8, 9]);
  played.fails = new Error("forbidden");
  await run(1);
  equal(told.length, 2);
});

Deno.test("PositionKeeper writes nothing that is kept already, and at the end at once", async () => {
  const { scene: played, keeper, saves } = scene();
  const positions = { r: { "": { seen: 1, pending: [] } } };
  await keeper.keep(positions);
  await keeper.keep(positions);
  equal(saves.length, 1);
  played.fails = new Error("forbidden");
  const later = { r: { "": { seen: 2, pending: [] } } };
  await keeper.keep(later);
  await keeper.keep(later);
  equal(saves.length, 2);
  await keeper.keepLast(later);
  equal(saves.length, 3);
});

Deno.test("PositionKeeper fails where somebody else keeps positions", async () => {
  const { scene: played, keeper, told } = scene();
  played.fails = new KubeError("Cannot replace", { reason: "Conflict", code: 409 });
  await rejects(keeper.keep({ r: {} }), { name: "KubeError", reason: "Conflict" });
  deepEqual(told, []);
});
