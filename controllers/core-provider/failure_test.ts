import { deepStrictEqual } from "node:assert/strict";
import { ChartFetchError, HelmChartError } from "../../lib/helm/mod.ts";
import { KubeError } from "../../lib/kube/mod.ts";
import { ReleaseError } from "../../lib/release/mod.ts";
import { CrdError } from "./crd/errors.ts";
import { DefinitionError } from "./errors.ts";
import { failureOf } from "./failure.ts";

const TABLE: readonly (readonly [unknown, string])[] = [
  [new DefinitionError("NoChart", "m"), "ChartNotFound"],
  [new DefinitionError("KindConflict", "m"), "NamesInvalid"],
  [new CrdError("InvalidName", "m"), "NamesInvalid"],
  [new ChartFetchError("NotFound", "m"), "ChartNotFound"],
  [new ChartFetchError("VersionNotFound", "m"), "ChartNotFound"],
  [new ChartFetchError("Unauthorized", "m"), "ChartUnauthorized"],
  [new ChartFetchError("DigestMismatch", "m"), "ChartInvalid"],
  [new ChartFetchError("TooLarge", "m"), "ChartInvalid"],
  [new HelmChartError("NotAnArchive", "m"), "ChartInvalid"],
  [new ReleaseError("MissingCredentials", "m"), "ChartUnauthorized"],
  [new KubeError("m", { reason: "Forbidden", code: 403 }), "ReconcileError"],
  [new Error("m"), "ReconcileError"],
  ["m", "ReconcileError"],
];
for (const [error, reason] of TABLE) {
  const name = error instanceof Error ? `${error.name} ${"reason" in error ? error.reason : ""}`.trim() : "a text";
  Deno.test(`failureOf() ${name} is ${reason}`, () => deepStrictEqual(failureOf(error), { reason, message: "m" }));
}
