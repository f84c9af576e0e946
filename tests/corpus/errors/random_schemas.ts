/**
 * Compares what a `values.schema.json` has against values with what the real Helm says, for schemas made at random.
 *
 *     deno run -A tests/corpus/errors/random_schemas.ts [--cases N] [--seed N] [--show N]
 *
 * One run of Helm judges hundreds: each schema is that of a subchart.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { schemaComplaint, SchemaError } from "../../../lib/helm/schema/mod.ts";
import { makeSchemaCase, type SchemaCase } from "../../../lib/helm/schema/schema_testing.ts";
import { helm } from "../../../tools/oracle.ts";
import { Random } from "../../oracle/random.ts";
import { inOneOrder } from "../message.ts";

const BATCH = 500;

const { values: options } = parseArgs({
  options: {
    cases: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    show: { type: "string", default: "5" },
  },
});

const nameOf = (index: number) => `s${String(index).padStart(4, "0")}`;

/** What Helm says of each case, by the name of its subchart. */
async function ask(cases: readonly SchemaCase[]): Promise<ReadonlyMap<string, string>> {
  const folder = await Deno.makeTempDir({ prefix: "kco-schemas-" });
  try {
    const chart = join(folder, "chart");
    const texts = cases.map(({ values }, index) => `"${nameOf(index)}": ${JSON.stringify(values)}`);
    await Deno.writeTextFile(join(folder, "values.yaml"), `{${texts.join(",\n")}}`);
    await writeChart(chart, "demo");
    for (const [index, { schema }] of cases.entries()) {
      const name = nameOf(index);
      await writeChart(join(chart, "charts", name), name);
      await Deno.writeTextFile(join(chart, "charts", name, "values.schema.json"), JSON.stringify(schema));
    }
    const { stderr } = await helm(["template", "rel", chart, "--values", join(folder, "values.yaml")]);
    return new Map(
      Array.from(stderr.matchAll(/(s\d{4}):\n([\s\S]*?)(?=s\d{4}:\n|$)/g), ([, name = "", text = ""]) => [name, text]),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function writeChart(folder: string, name: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(join(folder, "Chart.yaml"), `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`);
}

/** What ours is. Helm gives each subchart a table of globals. */
function ours({ schema, values }: SchemaCase): string {
  const given = Object.fromEntries([...Object.entries(values), ["global", {}]]);
  try {
    return schemaComplaint(JSON.stringify(schema), given);
  } catch (error) {
    if (error instanceof SchemaError) return error.message;
    throw error;
  }
}

/** Of several references that lead nowhere Helm names any. */
function settled(text: string): string {
  return inOneOrder(`values don't meet the specifications\n${text.trimEnd()}`)
    .replace(/\/(definitions|\$defs)\/[nm](?=" not found$)/, "/$1/…");
}

const random = new Random(Number(options.seed));
const total = Number(options.cases);
let [done, equal, refused, shown] = [0, 0, 0, 0];
while (done < total) {
  const cases = Array.from(
    { length: Math.min(BATCH, total - done) },
    () => makeSchemaCase((limit) => random.below(limit)),
  );
  const answers = await ask(cases);
  for (const [index, one] of cases.entries()) {
    const [theirs, our] = [answers.get(nameOf(index)) ?? "", ours(one)];
    if (theirs !== "") refused++;
    if (settled(our) === settled(theirs)) equal++;
    else if (shown++ < Number(options.show)) console.log(`${JSON.stringify(one)}\n+ ${our}\n- ${theirs}`);
  }
  done += cases.length;
}
console.log(`schemas: ${equal} of ${total} equal (seed ${options.seed}, ${refused} of them refused by Helm)`);
