/** Fields that cannot change once they are set, as CEL transition rules. */
import { DefinitionError } from "./definition_error.ts";
import type { StructuralSchema } from "./structural_schema.ts";

/** Names that CEL keeps for itself, or that a CRD's rules must escape. */
const RESERVED = new Set([
  ..."true false null in as break const continue else for function if import let loop package namespace return var void while"
    .split(" "),
]);

/**
 * The rules, for `x-kubernetes-validations` of the schema that `paths` start at.
 *
 * A field may be set later when it was open: it then holds, and cannot be taken away again.
 *
 * @throws {DefinitionError} `UnknownField`.
 */
export function immutableRules(schema: StructuralSchema, paths: readonly string[]): StructuralSchema[] {
  return paths.map((path) => {
    const present = (root: string) => presence(schema, path, root);
    const [now, before] = [present("self"), present("oldSelf")];
    const same = `${access("self", path)} == ${access("oldSelf", path)}`;
    const kept = [...now, same].join(" && ");
    const rule = before.length === 0 ? kept : `!(${before.join(" && ")}) || (${kept})`;
    return { rule, message: `${path} is immutable once it is set: delete the object and create another` };
  });
}

/** What must hold for a path to be there: nothing where all of its fields are required. */
function presence(schema: StructuralSchema, path: string, root: string): string[] {
  const checks: string[] = [];
  let node = schema;
  const parts = path.split(".");
  for (const [index, part] of parts.entries()) {
    const child = objectIn(objectIn(node["properties"])?.[part]);
    if (child === undefined) {
      throw new DefinitionError("UnknownField", `Cannot make "${path}" immutable: the schema has no such field`);
    }
    const required = node["required"];
    const isSure = (Array.isArray(required) && required.includes(part)) || child["default"] !== undefined;
    if (!isSure) checks.push(`has(${access(root, parts.slice(0, index + 1).join("."))})`);
    node = child;
  }
  return checks;
}

function objectIn(value: unknown): StructuralSchema | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as StructuralSchema : undefined;
}

function access(root: string, path: string): string {
  return [root, ...path.split(".").map(escape)].join(".");
}

/** The API server's way to write a field's name in CEL. */
function escape(name: string): string {
  if (RESERVED.has(name)) return `__${name}__`;
  return name.replaceAll("__", "__underscores__").replaceAll(".", "__dot__").replaceAll("-", "__dash__")
    .replaceAll("/", "__slash__");
}
