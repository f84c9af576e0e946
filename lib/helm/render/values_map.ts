import { emitYaml } from "../../yaml/mod.ts";
import {
  fn,
  FunctionError,
  type GoFunction,
  GoMap,
  internType,
  NamedMap,
  quote,
  toJson,
  types,
  type Value,
} from "../../gotemplate/mod.ts";

const TYPE = internType<NamedMap>("common.Values", "map", { key: types.string, elem: types.any });

/** What templates may call on `.Values`, on `$` and on `.Template`: Helm's type for values has methods. */
const METHODS: Readonly<Record<string, (map: GoMap) => GoFunction>> = {
  AsMap: (map) => fn([], types.map, () => map),
  YAML: (map) => fn([], types.string, () => emitYaml(toJson(map))),
  Table: (map) => fn([types.string], TYPE, (path) => valuesMap(tableAt(map, path))),
  PathValue: (map) => fn([types.string], types.any, (path) => valueAt(map, path)),
};

/** A map as Helm's `common.Values`; it shares its entries with the map given. */
export function valuesMap(plain: GoMap): NamedMap {
  return new NamedMap(plain, TYPE, METHODS);
}

function tableAt(map: GoMap, path: string): GoMap {
  let table = map;
  for (const part of path.split(".")) {
    const next = table.get(part);
    if (!(next instanceof GoMap)) throw new FunctionError(`${quote(part)} is not a table`);
    table = next;
  }
  return table;
}

/** A value that is no table. */
function valueAt(map: GoMap, path: string): Value {
  if (path === "") throw new FunctionError("YAML path cannot be empty");
  const parts = path.split(".");
  const last = parts.pop() ?? "";
  let table: Value | undefined = map;
  for (const part of parts) table = table instanceof GoMap ? table.get(part) : undefined;
  const value = table instanceof GoMap ? table.get(last) : undefined;
  if (value === undefined || value instanceof GoMap) throw new FunctionError(`${quote(last)} is not a value`);
  return value;
}
