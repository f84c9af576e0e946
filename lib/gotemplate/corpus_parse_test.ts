import assert from "node:assert/strict";
import { decodeUtf8 } from "./bytes.ts";
import { parse } from "./parse/parser.ts";

/** Packaged charts beside the repository; the test is skipped where there are none. */
const charts = new URL("../../../shared/corpus/charts/", import.meta.url);

function archives(): string[] {
  try {
    return Array.from(Deno.readDirSync(charts), ({ name }) => name).filter((name) => name.endsWith(".tgz")).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

const BLOCK = 512;

/** Regular files of a tar archive with names of up to 255 characters: enough for charts as Helm packages them. */
function* files(tar: Uint8Array): Generator<{ name: string; text: string }> {
  let longName = "";
  for (let at = 0; at + BLOCK <= tar.length;) {
    const header = tar.subarray(at, at + BLOCK);
    const field = (from: number, size: number) => decodeUtf8(header.subarray(from, from + size)).replace(/\0.*$/s, "");
    const size = parseInt(field(124, 12).trim() || "0", 8);
    const body = tar.subarray(at + BLOCK, at + BLOCK + size);
    const kind = field(156, 1);
    if (kind === "x") longName = /\d+ path=(.*)\n/.exec(decodeUtf8(body))?.[1] ?? "";
    else {
      const name = longName || [field(345, 155), field(0, 100)].filter((part) => part !== "").join("/");
      if (kind === "0" || kind === "") yield { name, text: decodeUtf8(body) };
      longName = "";
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

async function unpacked(archive: string): Promise<Uint8Array> {
  const { body } = await fetch(new URL(archive, charts));
  assert.ok(body !== null);
  return new Uint8Array(await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

Deno.test({
  name: "parse() takes every template of the chart corpus",
  ignore: archives().length === 0,
  async fn() {
    let count = 0;
    for (const archive of archives()) {
      for (const { name, text } of files(await unpacked(archive))) {
        if (!name.includes("/templates/")) continue;
        assert.doesNotThrow(() => parse(name, text, () => true), `${archive}: ${name}`);
        count++;
      }
    }
    assert.ok(count > 1000, `only ${count} templates found`);
  },
});
