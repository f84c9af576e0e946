/** The name of a composition's release; existing releases depend on this rule. */
import { type Composition, LABEL } from "./api.ts";

/** Letters and digits that make no words and are not mistaken for one another. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** Each character of a text mapped into the safe alphabet by its code. */
export function safeEncode(text: string): string {
  return [...text].map((c) => ALPHABET[c.codePointAt(0)! % ALPHABET.length]!).join("");
}

/**
 * The label `krateo.io/release-name` where it is set (a release that is being adopted), else the object's name and an
 * encoding of the first eight characters of its uid: `first-72dfx545`.
 */
export function releaseName(composition: Composition): string {
  const { labels, name, uid } = composition.metadata;
  return labels?.[LABEL.releaseName] || `${name}-${safeEncode((uid ?? "").slice(0, 8))}`;
}
