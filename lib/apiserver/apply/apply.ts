/** Server-side apply. */
import type { KubeObject } from "../../kube/mod.ts";
import { cloneJson, equalJson, isObject } from "../json_value.ts";
import type { ApplyConflict, FieldManager } from "../resource.ts";
import { type Known, rootSchema } from "./atom.ts";
import { emptyObject } from "./empty_object.ts";
import { fieldsOf } from "./extract.ts";
import { EMPTY, type FieldSet, formatPath } from "./field_set.ts";
import { decodeManagers, encodeManagers, identityOf, type Manager, type Managers } from "./managers.ts";
import { merge } from "./merge.ts";
import { ownable, transfer } from "./ownership.ts";
import { removeFields, withDeclaredParents } from "./remove.ts";
import { ApplyError, typedErrors } from "./typed_errors.ts";
import { take } from "./updated.ts";

type Input = Parameters<FieldManager["apply"]>[0];
type Output = ReturnType<FieldManager["apply"]>;

/** Who owns what was there before anybody's ownership was tracked. */
const BEFORE_FIRST_APPLY = "before-first-apply";

/**
 * Merges a configuration into an object and makes its fields the manager's; fields that the manager applied before and no
 * longer does go, unless somebody else owns them.
 *
 * When nothing but ownership's time would change, the object comes back as it was.
 *
 * @throws ApplyError when the configuration does not fit the schema
 */
export function apply(input: Input): Output {
  const { schema, config, force } = input;
  const root = rootSchema(schema);
  checkConfig(input);
  const live = input.live ?? emptyLive(input);
  const managers = decodeManagers(live.metadata.managedFields);
  if (managers.size === 0 && input.live !== undefined) adopt(managers, root, input, live);
  const writer = writerOf(input);
  const identity = identityOf(writer);
  const last = managers.get(identity);
  const fields = ownable(fieldsOf(root, config));
  managers.set(identity, { ...writer, fields, time: last?.time });
  const merged = merge(root, withoutManagedFields(live), config);
  const pruned = prune(root, merged, managers, last?.fields ?? EMPTY);
  const { conflicts, settle } = transfer(root, withoutManagedFields(live), pruned, managers, identity);
  if (!force && conflicts.size > 0) return { object: live, conflicts: describe(conflicts, managers) };
  settle();
  const changed = input.live === undefined || !equalJson(withoutManagedFields(live), pruned);
  if (fields.empty) managers.delete(identity);
  else if (changed) managers.set(identity, { ...writer, fields });
  return { object: withManagers(changed ? pruned : live, managers), conflicts: [] };
}

function checkConfig({ schema, config }: Input): void {
  if (Array.isArray(config.metadata.managedFields)) {
    throw new ApplyError("BadRequest", "metadata.managedFields must be nil");
  }
  const errors = typedErrors(schema, config);
  if (errors.length === 0) return;
  const { apiVersion, kind, metadata } = config;
  const [group = "", version = ""] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const what = `${metadata.namespace ?? ""}/${metadata.name}; ${group}/${version}, Kind=${kind}`;
  const list = errors.length === 1 ? errors[0] : `errors:\n${errors.map((error) => `  ${error}`).join("\n")}`;
  throw new ApplyError("NotTyped", `failed to create typed patch object (${what}): ${list}`);
}

/** What a created object is merged into: nothing, so that all of it comes from the configuration. */
function emptyLive({ config }: Input): KubeObject {
  return { apiVersion: config.apiVersion, kind: config.kind, metadata: { name: config.metadata.name } };
}

function writerOf({ config, manager, subresource, now }: Input): Manager {
  return {
    manager,
    operation: "Apply",
    apiVersion: config.apiVersion,
    subresource: subresource ?? "",
    time: now,
    fields: EMPTY,
  };
}

/** All that an untracked object has belongs to a manager that stands for its past. */
function adopt(managers: Managers, root: Known, { schema, config, now }: Input, live: KubeObject): void {
  take(managers, root, emptyObject(schema, config.apiVersion, config.kind), live, {
    manager: BEFORE_FIRST_APPLY,
    operation: "Update",
    apiVersion: config.apiVersion,
    subresource: "",
    time: now,
    fields: EMPTY,
  });
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function withManagers(object: unknown, managers: Managers): KubeObject {
  // A merge of two objects with these fields has them, too; the check is for the compiler.
  if (!isKubeObject(object)) throw new TypeError("A merged object lost its apiVersion, kind or metadata");
  const copy = cloneJson(object);
  const entries = encodeManagers(managers);
  if (entries.length > 0) copy.metadata.managedFields = entries;
  else delete copy.metadata.managedFields;
  return copy;
}

function isKubeObject(value: unknown): value is KubeObject {
  return isObject(value) && typeof value["apiVersion"] === "string" && typeof value["kind"] === "string" &&
    isObject(value["metadata"]);
}

/** Takes out what the manager applied last time and does not now, but what somebody owns, or what it never applied itself. */
function prune(root: Known, merged: unknown, managers: Managers, last: FieldSet): unknown {
  if (last.empty) return merged;
  const lastWithParents = withDeclaredParents(root, last);
  let owned = EMPTY;
  for (const manager of managers.values()) owned = owned.union(manager.fields);
  const all = withDeclaredParents(root, fieldsOf(root, merged));
  const rest = withDeclaredParents(root, fieldsOf(root, removeFields(root, merged, lastWithParents)));
  const withOwned = removeFields(root, merged, all.difference(rest.union(withDeclaredParents(root, owned))));
  const gone = all.difference(withDeclaredParents(root, fieldsOf(root, withOwned)));
  return removeFields(root, merged, gone.intersection(lastWithParents));
}

function describe(conflicts: ReadonlyMap<string, FieldSet>, managers: Managers): ApplyConflict[] {
  const described: ApplyConflict[] = [];
  for (const [identity, fields] of conflicts) {
    const owner = managers.get(identity);
    if (owner === undefined) continue;
    for (const path of fields.paths()) {
      described.push({
        manager: owner.manager,
        apiVersion: owner.apiVersion,
        ...(owner.subresource === "" ? {} : { subresource: owner.subresource }),
        field: formatPath(path),
      });
    }
  }
  return described;
}
