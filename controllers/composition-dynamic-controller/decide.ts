/** Policy, and nothing else: from what is known of a composition to the one step to take next. */

/** What is known. */
export interface Facts {
  readonly deleting: boolean;
  /** Whether the finalizer is ours to remove. */
  readonly finalizer: boolean;
  /** Whether finalizer and labels are all there. */
  readonly marked: boolean;
  /** Which actions the policy annotations allow. */
  readonly allows: { readonly create: boolean; readonly update: boolean; readonly delete: boolean };
  /** Whether the definition has gone on to another version, and whether the object was found not to fit it. */
  readonly move: "no" | "wanted" | "refused";
  /** `asked`: the object wants one last upgrade and then rest. `held`: it had it. `over`: the note of that is left. */
  readonly gracefulPause: "no" | "asked" | "held" | "over";
  /** Whether a release of the name is on record, in whatever state. */
  readonly installed: boolean;
  /** Whether the last revision is deployed and was made from the present chart and values. */
  readonly current: boolean;
  /** Whether children are missing or look changed. */
  readonly suspects: boolean;
  /** Whether an uninstall found nothing left. */
  readonly uninstalled: boolean;
}

/** What to do. */
export type Step =
  /** Nothing: report. */
  | { readonly type: "rest" }
  /** Go on to the definition's present version, or find out why that cannot be. */
  | { readonly type: "move" }
  /** Put finalizer and labels on. */
  | { readonly type: "mark" }
  | { readonly type: "install" }
  | { readonly type: "upgrade" }
  /** Compare the suspects with the desired state and put right what differs. */
  | { readonly type: "heal" }
  /** Note that the last upgrade before a graceful pause is done. */
  | { readonly type: "hold" }
  /** Take the note of a graceful pause off that is over: the next one is to have its last upgrade too. */
  | { readonly type: "unhold" }
  /** One pass of removing the release. */
  | { readonly type: "uninstall" }
  /** Take the finalizer off. */
  | { readonly type: "letGo" };

const REST: Step = { type: "rest" };

/** The next step. */
export function decide(facts: Facts): Step {
  if (facts.deleting) return decideDeletion(facts);
  if (facts.gracefulPause === "held") return REST;
  if (facts.move === "wanted" && facts.allows.update) return { type: "move" };
  if (!facts.marked) return { type: "mark" };
  if (facts.gracefulPause === "over") return { type: "unhold" };
  if (!facts.installed) return facts.allows.create ? { type: "install" } : REST;
  if (!facts.current) return facts.allows.update ? { type: "upgrade" } : REST;
  if (facts.suspects && facts.allows.update) return { type: "heal" };
  return facts.gracefulPause === "asked" ? { type: "hold" } : REST;
}

function decideDeletion(facts: Facts): Step {
  if (!facts.finalizer) return REST;
  if (!facts.allows.delete || facts.uninstalled) return { type: "letGo" };
  return { type: "uninstall" };
}
