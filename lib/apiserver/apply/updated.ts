/** Ownership after a create, an update or a patch other than apply. */
import type { ManagedFieldsEntry } from "../../kube/mod.ts";
import type { FieldManager } from "../resource.ts";
import { type Known, rootSchema } from "./atom.ts";
import { emptyObject } from "./empty_object.ts";
import { EMPTY } from "./field_set.ts";
import {
  capUpdateManagers,
  decodeManagers,
  encodeManagers,
  identityOf,
  type Manager,
  type Managers,
} from "./managers.ts";
import { ownable, transfer } from "./ownership.ts";

type Input = Parameters<FieldManager["updated"]>[0];

/** The identity of no manager: who writes by update loses what changes like everyone else, and is given it anew. */
const NOBODY = "";

/**
 * `managedFields` after a write: what was changed or added is the writer's, what is gone is nobody's.
 *
 * A request may carry `managedFields` of its own: they count instead of the live object's when they say anything, and an empty
 * list, or a list of one empty entry, resets them.
 */
export function updated({ schema, live, next, manager, subresource, now }: Input): ManagedFieldsEntry[] {
  const managers = startingPoint(live?.metadata.managedFields, next.metadata.managedFields, subresource !== undefined);
  // Objects whose ownership was never tracked, or was reset, stay so until the first apply.
  if (managers.size === 0 && live !== undefined) return [];
  const before = live ?? emptyObject(schema, next.apiVersion, next.kind);
  take(managers, rootSchema(schema), before, next, {
    manager,
    operation: "Update",
    apiVersion: next.apiVersion,
    subresource: subresource ?? "",
    time: now,
    fields: EMPTY,
  });
  capUpdateManagers(managers);
  return encodeManagers(managers);
}

/** Gives `writer` everything that differs between two states. */
export function take(managers: Managers, schema: Known, before: unknown, after: unknown, writer: Manager): void {
  const { comparison, settle } = transfer(schema, before, after, managers, NOBODY);
  settle();
  const taken = ownable(comparison.modified.union(comparison.added));
  if (taken.empty) return;
  const identity = identityOf(writer);
  managers.set(identity, { ...writer, fields: taken.union(managers.get(identity)?.fields ?? EMPTY) });
}

function startingPoint(
  live: readonly ManagedFieldsEntry[] | undefined,
  next: readonly ManagedFieldsEntry[] | undefined,
  isSubresource: boolean,
): Managers {
  if (isSubresource || next === undefined || next === null) return decodeManagers(live);
  const [first] = next;
  if (first === undefined || (next.length === 1 && Object.keys(first).length === 0)) return new Map();
  const given = decodeManagers(next);
  return given.size > 0 ? given : decodeManagers(live);
}
