/** Policy of a definition, and nothing else: from what is known to the one step to take next. */

/** What is known of a definition's CRD. */
export type CrdState =
  /** None, or one that lacks the version or does not serve it. */
  | "outdated"
  /** There, not yet established. */
  | "pending"
  | "established"
  /** Being deleted. */
  | "terminating";

/** What is known. */
export interface Facts {
  readonly deleting: boolean;
  readonly finalizer: boolean;
  /** Which actions the policy annotations allow. */
  readonly allows: { readonly apply: boolean; readonly delete: boolean };
  /** For a deletion: compositions of this definition that are still there. */
  readonly compositions: number;
  /** For a deletion: whether other definitions share the kind. */
  readonly shared: boolean;
  /** For a deletion: whether there is a CRD. */
  readonly crdExists: boolean;
  readonly crd: CrdState;
}

/** What to do. */
export type Step =
  /** Nothing, or nothing now: report. */
  | { readonly type: "rest" }
  | { readonly type: "wait" }
  | { readonly type: "addFinalizer" }
  | { readonly type: "applyCrd" }
  | { readonly type: "deleteCompositions" }
  | { readonly type: "deleteCrd" }
  | { readonly type: "letGo" };

/** The next step. */
export function decide(facts: Facts): Step {
  if (facts.deleting) return decideDeletion(facts);
  if (!facts.finalizer) return { type: "addFinalizer" };
  if (facts.crd === "terminating") return { type: "wait" };
  if (facts.crd === "outdated") return facts.allows.apply ? { type: "applyCrd" } : { type: "rest" };
  return facts.crd === "pending" ? { type: "wait" } : { type: "rest" };
}

/** Compositions first, then the kind; the definition is the last to go. */
function decideDeletion(facts: Facts): Step {
  if (!facts.finalizer) return { type: "rest" };
  if (!facts.allows.delete) return { type: "letGo" };
  if (facts.compositions > 0) return { type: "deleteCompositions" };
  if (facts.shared || !facts.crdExists) return { type: "letGo" };
  return facts.crd === "terminating" ? { type: "wait" } : { type: "deleteCrd" };
}
