/** Changes of ownership that every write makes, whoever writes and however. */
import type { Known } from "./atom.ts";
import { compare, type Comparison } from "./compare.ts";
import { type FieldSet, FieldSetBuilder } from "./field_set.ts";
import { type Manager, type Managers } from "./managers.ts";

/** Fields of every object that the server itself looks after; nobody owns them. */
const SERVERS_OWN: FieldSet = buildServersOwn();

function buildServersOwn(): FieldSet {
  const root = new FieldSetBuilder();
  root.child("f:apiVersion").insert();
  root.child("f:kind").insert();
  const metadata = root.child("f:metadata");
  metadata.insert();
  for (
    const field of [
      "name",
      "namespace",
      "creationTimestamp",
      "selfLink",
      "uid",
      "clusterName",
      "generation",
      "managedFields",
      "resourceVersion",
    ]
  ) metadata.child(`f:${field}`).insert();
  return root.build();
}

/** A set without the fields that nobody owns. */
export function ownable(fields: FieldSet): FieldSet {
  return fields.difference(SERVERS_OWN);
}

/** What others than the writer lose by a write. */
export interface Transfer {
  /** Fields of others that got another value, by identity. */
  readonly conflicts: ReadonlyMap<string, FieldSet>;
  readonly comparison: Comparison;
  /** Carries it out: changed and removed fields leave their owners, owners of nothing go. */
  readonly settle: () => void;
}

/** Compares two states of an object and tells what that means for every manager but `writer`. */
export function transfer(schema: Known, before: unknown, after: unknown, managers: Managers, writer: string): Transfer {
  const comparison = compare(schema, before, after);
  const changed = comparison.modified.union(comparison.added);
  const conflicts = new Map<string, FieldSet>();
  for (const [identity, manager] of managers) {
    if (identity === writer) continue;
    const lost = manager.fields.intersection(changed);
    if (!lost.empty) conflicts.set(identity, lost);
  }
  const settle = () => {
    for (const [identity, manager] of managers) {
      if (identity === writer) continue;
      const lost = conflicts.get(identity);
      const kept = lost === undefined ? manager.fields : manager.fields.difference(lost);
      setFields(managers, identity, manager, kept.difference(comparison.removed));
    }
  };
  return { conflicts, comparison, settle };
}

/** Gives a manager another set of fields; one without any is no manager. */
export function setFields(managers: Managers, identity: string, manager: Manager, fields: FieldSet): void {
  if (fields.empty) managers.delete(identity);
  else if (fields !== manager.fields) managers.set(identity, { ...manager, fields });
}
