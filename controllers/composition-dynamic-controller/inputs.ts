/** A fingerprint of everything that a release is made from. */
import { createHash } from "node:crypto";
import type { Values } from "../../lib/helm/mod.ts";
import { canonical } from "../../lib/release/mod.ts";

/** Label of a release record: the inputs it was made from, so that a restart needs no render. */
export const INPUTS_LABEL = "kco.krateo.io/inputs";

/** What a render depends on. */
export interface Inputs {
  readonly chartDigest: string;
  /** With `global.*`. */
  readonly values: Values;
  readonly labels: Readonly<Record<string, string>>;
  readonly releaseName: string;
  /** `Capabilities.KubeVersion`. The list of served kinds is left out: a CRD installed anywhere would re-render all. */
  readonly kubeVersion: string;
}

/** 40 hexadecimal digits. */
export function inputsDigest(inputs: Inputs): string {
  return createHash("sha256").update(canonical(inputs)).digest("hex").slice(0, 40);
}
