import assert from "node:assert/strict";
import { placeImage } from "./image.ts";

Deno.test("the bundle brings a chart to Ready with no more permissions than the image gives it", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "kco-image-" }));
  try {
    const { tmp, args } = await placeImage(folder);
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args, "dev", "--once"],
      cwd: tmp,
      env: { NO_COLOR: "1", TMPDIR: tmp },
    }).output();
    const text = new TextDecoder();
    assert.ok(success, `deno ${args.join(" ")} dev --once failed:\n${text.decode(stdout)}\n${text.decode(stderr)}`);
    assert.match(text.decode(stdout), /^ready:/m);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
