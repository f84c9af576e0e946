/** Columns and cells of `Table` answers. */
import type { KubeObject } from "../../kube/mod.ts";
import type { PrinterColumn } from "../resource.ts";
import { ageOf } from "../builtin/mod.ts";
import { evaluatePath } from "./json_path.ts";

/** A cell: what `metav1.TableRow` allows and kubectl prints. */
export type Cell = string | number | boolean | null;

/** An entry of `Table.columnDefinitions`. */
export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

/** Every table starts with the name, in a column that clients find by its format. */
const NAME: ColumnDefinition = {
  name: "Name",
  type: "string",
  format: "name",
  description: "Name must be unique within a namespace.",
  priority: 0,
};

const AGE: PrinterColumn = {
  name: "Age",
  type: "date",
  description: "CreationTimestamp is a timestamp representing the server time when this object was created.",
  jsonPath: ".metadata.creationTimestamp",
};

/** A kind that defines no columns is shown with its age. */
function withDefault(columns: readonly PrinterColumn[]): readonly PrinterColumn[] {
  return columns.length === 0 ? [AGE] : columns;
}

/** Whether the kind puts the name in a place of its own. */
function hasName(columns: readonly PrinterColumn[]): boolean {
  return columns.some((column) => column.format === "name");
}

/** `columnDefinitions` of a kind's table. */
export function columnDefinitions(columns: readonly PrinterColumn[]): ColumnDefinition[] {
  const own = withDefault(columns).map(({ name, type, format, description, priority, jsonPath }) => ({
    name,
    type,
    format: format ?? "",
    description: description ??
      (jsonPath === undefined ? "" : `Custom resource definition column (in JSONPath format): ${jsonPath}`),
    priority: priority ?? 0,
  }));
  return hasName(columns) ? own : [NAME, ...own];
}

/** The cells of one object. `now` in ms since the epoch. */
export function tableRow(columns: readonly PrinterColumn[], object: KubeObject, now: number): Cell[] {
  const own = withDefault(columns).map((column) => cellOf(column, object, now));
  return hasName(columns) ? own : [object.metadata.name, ...own];
}

function cellOf(column: PrinterColumn, object: KubeObject, now: number): Cell {
  if (column.cell !== undefined) return column.cell(object, now);
  if (column.jsonPath === undefined) return null;
  const values = evaluatePath(column.jsonPath, object);
  const [first] = values;
  if (first === undefined) return null;
  switch (column.type) {
    case "date":
      return ageOf(first, now);
    case "integer":
      return typeof first === "number" ? Math.trunc(first) : null;
    case "number":
      return typeof first === "number" ? first : null;
    case "boolean":
      return typeof first === "boolean" ? first : null;
    case "string":
      return values.map((value) => typeof value === "object" ? JSON.stringify(value) : String(value)).join(",");
  }
}
