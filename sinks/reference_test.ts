/** The tables of docs/reference/sinks.md are made of the schemas: `deno test -A sinks/reference_test.ts -- --update`. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { httpProperties } from "./_http.ts";
import { tlsSchema } from "./_tls.ts";
import { SINKS, type SinkSchema } from "./mod.ts";

const PAGE = fileURLToPath(new URL("../docs/reference/sinks.md", import.meta.url));
const BEGIN = "<!-- settings: begin -->";
const END = "<!-- settings: end -->";

interface Schema {
  readonly type: string;
  readonly description: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The schemas of this folder are written with these fields; the test of the registry sees to the descriptions. */
const read = (schema: SinkSchema): Schema => JSON.parse(JSON.stringify(schema));

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

function rows(schema: Schema, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const field = `${path}${name}`;
    const need = schema.required?.includes(name) ? "required" : initial(property);
    const row = `| \`${field}\` | ${need} | ${text(property)} |`;
    if (name === "tls" && same(property, tlsSchema)) return [`| \`${field}\` | | TLS settings, [see above](#tls) |`];
    if (isSecret(property)) {
      return [`| \`${field}\` | ${need} | ${text(property)} Of a Secret: \`name\`, \`namespace\`, \`key\` |`];
    }
    const inside = property.type === "array" ? property.items : property;
    const suffix = property.type === "array" ? "[]." : ".";
    return [row, ...rows(inside ?? property, `${field}${suffix}`)];
  });
}

const isSecret = ({ properties }: Schema) => same(Object.keys(properties ?? {}), ["name", "namespace", "key"]);

function initial({ default: value }: Schema): string {
  return value === undefined
    ? ""
    : `default ${typeof value === "string" ? `\`${value}\`` : `\`${JSON.stringify(value)}\``}`;
}

function text({ description, enum: values, items, minimum, maximum }: Schema): string {
  const choices = values ?? items?.enum;
  const range = minimum !== undefined && maximum !== undefined ? ` ${minimum} to ${maximum}.` : "";
  const list = choices === undefined ? "" : ` One of ${choices.map((value) => `\`${value}\``).join(", ")}.`;
  return (description + range + list).replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

const table = (lines: readonly string[]) => ["| field | | |", "|---|---|---|", ...lines].join("\n");

function settings(): string {
  const shared = Object.keys(httpProperties);
  const http = read({ type: "object", properties: httpProperties });
  const parts = [
    `### TLS\n\n${table(rows(read(tlsSchema), ""))}`,
    `### HTTP\n\n${table(rows(http, ""))}`,
    ...Object.values(SINKS).map(({ name, schema }) => {
      const whole = read(schema);
      const overHttp = shared.every((field) => same(whole.properties?.[field], httpProperties[field]));
      const own = Object.entries(whole.properties ?? {}).filter(([field]) => !overHttp || !shared.includes(field));
      const lines = rows({ ...whole, properties: Object.fromEntries(own) }, "");
      const more = overHttp ? "\n\nAnd the settings of every sink over [HTTP](#http)." : "";
      return `### ${name}\n\n${whole.description}${lines.length > 0 ? `\n\n${table(lines)}` : ""}${more}`;
    }),
  ];
  return `${BEGIN}\n${parts.join("\n\n")}\n${END}`;
}

Deno.test("docs/reference/sinks.md has the settings of each sink as the schemas have them", async () => {
  const page = await Deno.readTextFile(PAGE);
  const [before = "", rest = ""] = page.split(BEGIN);
  const [, after = ""] = rest.split(END);
  const wanted = before + settings() + after;
  if (Deno.args.includes("--update")) await Deno.writeTextFile(PAGE, wanted);
  else assert.ok(page === wanted, "the tables are old: deno test -A sinks/reference_test.ts -- --update");
});
