/** How a chart's name and version become the names of a Kubernetes API (the original's rules). */
import { CrdError } from "./errors.ts";
import { pascalize, pluralize } from "./inflect.ts";

/** API group of all generated kinds. */
export const COMPOSITION_GROUP = "composition.krateo.io";
/** Categories: `kubectl get compositions`, `kubectl get comps`. */
export const COMPOSITION_CATEGORIES: readonly string[] = ["compositions", "comps"];
/** The label that says at which version a composition is read and written. */
export const COMPOSITION_VERSION_LABEL = "krateo.io/composition-version";
/** The finalizer of a composition. */
export const COMPOSITION_FINALIZER = "composition.krateo.io/finalizer";

/** The names of a generated kind. */
export interface CompositionNames {
  readonly group: string;
  /** e.g. `v1-1-10` */
  readonly version: string;
  /** e.g. `FireworksApp` */
  readonly kind: string;
  readonly listKind: string;
  /** e.g. `fireworksapps` */
  readonly plural: string;
  readonly singular: string;
  /** Name of the CRD object: `<plural>.<group>`. */
  readonly crdName: string;
}

const DNS_LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * The names for a chart.
 *
 * @throws {CrdError} when the chart's name or version gives no DNS label, as Kubernetes asks for.
 */
export function compositionNames(chart: { readonly name: string; readonly version: string }): CompositionNames {
  const kind = kindOf(chart.name);
  const plural = pluralize(kind).toLowerCase();
  for (const name of [kind.toLowerCase(), plural]) {
    if (DNS_LABEL.test(name)) continue;
    throw new CrdError(
      "InvalidName",
      `Cannot make a Kubernetes kind of chart name ${JSON.stringify(chart.name)}: ${JSON.stringify(name)} is no DNS ` +
        `label (letters, digits and dashes, first a letter, at most 63 characters): rename the chart`,
    );
  }
  return {
    group: COMPOSITION_GROUP,
    version: apiVersionOf(chart.version),
    kind,
    listKind: `${kind}List`,
    plural,
    singular: kind.toLowerCase(),
    crdName: `${plural}.${COMPOSITION_GROUP}`,
  };
}

/** `fireworks-app` → `FireworksApp`. */
export function kindOf(chartName: string): string {
  return pascalize(goIdentifier(chartName));
}

/**
 * `1.1.10` → `v1-1-10`; build metadata and capitals are normalised, so that every chart version has one API version.
 *
 * @throws {CrdError} when the result is longer than a DNS label.
 */
export function apiVersionOf(chartVersion: string): string {
  const version = normalizeVersion(`v${chartVersion}`);
  if (DNS_LABEL.test(version)) return version;
  throw new CrdError(
    "InvalidVersion",
    `Cannot make an API version of chart version ${JSON.stringify(chartVersion)}: ${JSON.stringify(version)} is no ` +
      `DNS label of at most 63 characters: give the chart a shorter version`,
  );
}

/** Lower case, runs of other characters to one dash, none at the ends, and a `v` before a leading digit. */
export function normalizeVersion(text: string): string {
  const dashed = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "");
  return /^[0-9]/.test(dashed) ? `v${dashed}` : dashed;
}

/** `key-name` → `KeyName`, `123ABC` → `_123ABC`: the exported Go identifier for a name. */
export function goIdentifier(name: string): string {
  const words = name.split(/[^\p{L}\p{Nd}]+/u).filter((word) => word !== "");
  const joined = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
  return /^[0-9]/.test(joined) ? `_${joined}` : joined;
}
