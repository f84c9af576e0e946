import assert from "node:assert/strict";
import { TemplateError, TemplateSet, toText } from "./mod.ts";
import { fixtureData, fixtureFunctions } from "./testdata/fixture.ts";
import results from "./testdata/go_results.json" with { type: "json" };

/** A template (or several files), and what Go 1.26 made of it. */
interface Row {
  readonly t?: string;
  readonly missing?: string;
  readonly files?: readonly (readonly string[])[];
  readonly run?: string;
  readonly out?: string;
  readonly err?: string;
}

function missingKeyOf({ missing }: Row): "default" | "zero" | "error" {
  return missing === "zero" || missing === "error" ? missing : "default";
}

function render(row: Row): string {
  const set = new TemplateSet({ functions: fixtureFunctions, missingKey: missingKeyOf(row) });
  const files = row.files ?? [["main", row.t ?? ""]];
  try {
    for (const [name = "", text = ""] of files) set.parse(name, text);
    return toText(set.execute(row.run ?? files[0]?.[0] ?? "main", fixtureData(results.data)));
  } catch (error) {
    if (error instanceof TemplateError) return `error: ${error.message}`;
    throw error;
  }
}

const rows: readonly Row[] = results.rows;
const outputs = rows.filter(({ out }) => out !== undefined);
const failures = rows.filter(({ err }) => err !== undefined);

Deno.test("TemplateSet prints what Go prints", async (t) => {
  for (const row of outputs) {
    await t.step(JSON.stringify(row.t ?? row.files), () => assert.equal(render(row), row.out));
  }
});

Deno.test("TemplateSet fails where Go fails, with the same message", async (t) => {
  for (const row of failures) {
    await t.step(JSON.stringify(row.t ?? row.files), () => assert.equal(render(row), `error: ${row.err}`));
  }
});
