/** Columns of `kubectl get` for built-in kinds: how they are declared, and what several kinds print alike. */
import type { KubeObject } from "../../kube/mod.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import type { PrinterColumn } from "../resource.ts";
import { ageOf } from "./duration.ts";
import { numberAt, objectAt, objectsAt, stringAt } from "./read.ts";

type Cell = NonNullable<PrinterColumn["cell"]>;

/** A column of text. */
export function text(name: string, cell: Cell): PrinterColumn {
  return { name, type: "string", cell };
}

/** A column of text that `kubectl get -o wide` shows. */
export function wide(name: string, cell: Cell): PrinterColumn {
  return { name, type: "string", priority: 1, cell };
}

/** A column with the number at a dotted path. */
export function count(name: string, path: string): PrinterColumn {
  return { name, type: "integer", cell: (object) => numberAt(object, path) };
}

/** The column that almost every kind ends with. */
export const AGE: PrinterColumn = text("Age", (object, now) => ageOf(object.metadata.creationTimestamp, now));

/** The name comes first in every table; a kind lists it only when it goes elsewhere. */
export const NAME: PrinterColumn = {
  name: "Name",
  type: "string",
  format: "name",
  cell: (object) => object.metadata.name,
};

/** Containers, images and selector: the wide columns of the workloads. */
export function workloadColumns(template: string, selector: string): PrinterColumn[] {
  return [
    wide(
      "Containers",
      (object) => objectsAt(object, `${template}.containers`).map((c) => stringAt(c, "name")).join(","),
    ),
    wide("Images", (object) => objectsAt(object, `${template}.containers`).map((c) => stringAt(c, "image")).join(",")),
    wide("Selector", (object) => formatSelector(objectAt(object, selector))),
  ];
}

/** `a=b,c in (d,e)`; `<none>` for an empty selector. Takes a LabelSelector or a plain map. */
export function formatSelector(selector: JsonObject): string {
  const isLabelSelector = isObject(selector["matchLabels"]) || Array.isArray(selector["matchExpressions"]);
  const labels = isLabelSelector ? objectAt(selector, "matchLabels") : selector;
  const parts = Object.keys(labels).sort().map((key) => `${key}=${String(labels[key])}`);
  for (const expression of isLabelSelector ? objectsAt(selector, "matchExpressions") : []) {
    parts.push(requirement(expression));
  }
  return parts.length === 0 ? "<none>" : parts.join(",");
}

function requirement(expression: JsonObject): string {
  const key = stringAt(expression, "key");
  const values = Array.isArray(expression["values"]) ? [...expression["values"]].sort().join(",") : "";
  switch (expression["operator"]) {
    case "In":
      return `${key} in (${values})`;
    case "NotIn":
      return `${key} notin (${values})`;
    case "DoesNotExist":
      return `!${key}`;
    default:
      return key;
  }
}

/** The number of entries of a map or list at a path. */
export function sizeOf(object: KubeObject, ...fields: string[]): number {
  let size = 0;
  for (const field of fields) {
    const value = object[field];
    if (Array.isArray(value)) size += value.length;
    else if (isObject(value)) size += Object.keys(value).length;
  }
  return size;
}
