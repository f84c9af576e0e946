/** Which definitions a changed CRD may matter to. */
import { type Change, keyOf } from "../../lib/kube/mod.ts";
import { findCondition, type Trigger } from "../../lib/provider-runtime/mod.ts";
import type { CompositionDefinition } from "./api.ts";
import { COMPOSITION_GROUP } from "./crd/mod.ts";

/** Reasons of `Ready` that no CRD can put right: such a definition is left to its back-off. */
const FAULT_OF_THE_CHART = /^(Chart|SchemaInvalid)/;

/** Triggers for the definitions of the CRD's kind, and for those that wait for something. */
export function concernedBy(change: Change, definitions: Iterable<CompositionDefinition>): Trigger[] {
  if (change.type !== "applied" && change.type !== "deleted") return [];
  const { group, names } = (change.object["spec"] as { group?: string; names?: { plural?: string } } | undefined) ?? {};
  if (group !== COMPOSITION_GROUP) return [];
  return [...definitions]
    .filter((definition) => definition.status?.resource === names?.plural || waits(definition))
    .map((definition): Trigger => ({ key: keyOf(definition), reason: "related" }));
}

function waits({ status }: CompositionDefinition): boolean {
  const ready = findCondition(status?.conditions, "Ready");
  return ready?.status !== "True" && !FAULT_OF_THE_CHART.test(ready?.reason ?? "");
}
