import { fromJson, sprintf } from "../../gotemplate/mod.ts";
import { setKey } from "../../yaml/mod.ts";
import type { Chart, Values } from "../types.ts";
import { HelmChartError } from "./errors.ts";
import { deepCopy, hasKey, isTable, shallowCopy } from "./tables.ts";

/**
 * Puts the defaults of a chart and its subcharts below the user's values, as Helm 4.2 does: maps merge, lists and
 * scalars are the user's, a user's null removes a default, `global` reaches every subchart, nulls among the defaults
 * vanish. Neither argument is changed.
 *
 * @throws HelmChartError `ValuesConflict` when the values of a subchart are not a map.
 */
export function coalesceValues(chart: Chart, values: Values): Values {
  return coalesce(chart, deepCopy(values), false);
}

/** The same, but nulls stay: for values that will be coalesced once more. */
export function mergeChartValues(chart: Chart, values: Values): Values {
  return coalesce(chart, deepCopy(values), true);
}

/**
 * Merges `source` below `target`, in place; `keepNulls` is Helm's merge, otherwise a null in `target` removes the key
 * where `source` had a value for it. `source` may be changed too.
 */
export function coalesceTables(target: Values, source: Values, keepNulls: boolean): Values {
  const hadValue = new Set(Object.keys(source).filter((key) => source[key] !== null));
  for (const key of Object.keys(target)) if (target[key] === null) setKey(source, key, null);
  for (const key of Object.keys(source)) {
    const below = source[key];
    if (!hasKey(target, key)) {
      setKey(target, key, below);
      continue;
    }
    const above = target[key];
    if (!keepNulls && above === null && hadValue.has(key)) delete target[key];
    else if (isTable(below) && isTable(above)) coalesceTables(above, below, keepNulls);
  }
  return target;
}

function coalesce(chart: Chart, target: Values, keepNulls: boolean): Values {
  coalesceOwn(chart, target, keepNulls);
  for (const sub of chart.dependencies) {
    const name = sub.metadata.name;
    if (!hasKey(target, name)) setKey(target, name, {});
    const own = target[name];
    if (!isTable(own)) {
      throw new HelmChartError(
        "ValuesConflict",
        // Helm's verb for the value is that of booleans.
        `type mismatch on ${name}: ${sprintf("%t", [fromJson(own)])}`,
      );
    }
    coalesceGlobals(own, target);
    setKey(target, name, coalesce(sub, own, keepNulls));
  }
  return target;
}

function coalesceOwn(chart: Chart, target: Values, keepNulls: boolean): void {
  const defaults = deepCopy(chart.values);
  for (const key of Object.keys(defaults)) {
    const below = defaults[key];
    if (!hasKey(target, key)) {
      if (!keepNulls && below === null) continue;
      if (!keepNulls && isTable(below)) removeNulls(below);
      setKey(target, key, below);
      continue;
    }
    const above = target[key];
    if (above === null && !keepNulls) delete target[key];
    else if (isTable(above) && isTable(below)) {
      // A subchart's table keeps its nulls: they are needed when the subchart's own defaults come in.
      const keep = keepNulls || chart.dependencies.some((sub) => sub.metadata.name === key);
      if (!keep) removeNulls(below);
      coalesceTables(above, below, keep);
    }
  }
}

/** Brings the parent's `global` into a subchart's values; the parent's win. */
function coalesceGlobals(target: Values, parent: Values): void {
  const [own, above] = [globalOf(target), globalOf(parent)];
  if (own === undefined || above === undefined) return;
  for (const key of Object.keys(above)) {
    const value = above[key];
    const present = hasKey(own, key);
    if (isTable(value)) {
      const copy = shallowCopy(value);
      const below = own[key];
      if (!present) setKey(own, key, copy);
      else if (isTable(below)) setKey(own, key, coalesceTables(copy, below, true));
    } else if (!present || !isTable(own[key])) {
      setKey(own, key, value);
    }
  }
  setKey(target, "global", own);
}

/** The `global` table, a new one where there is none; undefined where it is something else. */
function globalOf(values: Values): Values | undefined {
  if (!hasKey(values, "global")) return {};
  const found = values["global"];
  return isTable(found) ? found : undefined;
}

function removeNulls(table: Values): void {
  for (const key of Object.keys(table)) {
    const value = table[key];
    if (value === null) delete table[key];
    else if (isTable(value)) removeNulls(value);
  }
}
