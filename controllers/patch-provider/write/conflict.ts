/** Conflicts of a server-side apply: with whom, and whose fields may be taken; pure. */
import type { KubeError } from "../../../lib/kube/mod.ts";
import type { ConflictPolicy } from "../api.ts";

/** Another manager of a field. */
export interface Rival {
  readonly manager: string;
  /** Whether it applies, rather than writes plainly. */
  readonly applies: boolean;
  /** As the server names it: `.data.value2`. */
  readonly field: string;
}

/** Those with whom an apply conflicts; none where the conflict is another one, such as of uids. */
export function rivalsOf({ causes }: KubeError): Rival[] {
  return causes.flatMap(({ reason, message = "", field = "" }) => {
    const [, name, using] =
      /^conflict with ("(?:[^"\\]|\\.)*")(?: with subresource "[^"]*")?( using .*)?$/.exec(message) ??
        [];
    if (reason !== "FieldManagerConflict" || name === undefined) return [];
    return [{ manager: String(JSON.parse(name)), applies: using === undefined, field }];
  });
}

/**
 * Those whose fields a Patch must not take. By `TakeEdits` those are the other appliers: they would take the field back each
 * time they apply, while a plain write was made once.
 *
 * @param yields Whether a manager is a Patch that is younger, or gone.
 */
export function blockers(
  rivals: readonly Rival[],
  policy: ConflictPolicy,
  yields: (manager: string) => boolean,
): Rival[] {
  if (policy === "Force") return [];
  return rivals.filter(({ manager, applies }) => (applies || policy === "Fail") && !yields(manager));
}
