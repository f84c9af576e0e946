import { equal, throws } from "node:assert/strict";
import { CrdError } from "./errors.ts";
import { apiVersionOf, compositionNames, goIdentifier, kindOf, normalizeVersion } from "./names.ts";

const table = (title: string, run: (text: string) => string, cases: Readonly<Record<string, string>>) =>
  Deno.test(title, () => {
    for (const [given, expected] of Object.entries(cases)) equal(run(given), expected, given);
  });

table("normalizeVersion() gives one version for every spelling", normalizeVersion, {
  "v1.0.2": "v1-0-2",
  "1.2.3": "v1-2-3",
  "v1-beta.2": "v1-beta-2",
  "release/1.0.0": "release-1-0-0",
  "RC_2024-05": "rc-2024-05",
  "": "",
  "-v1.0.0": "v1-0-0",
  "v1..0--2": "v1-0-2",
  "v1.0.0-": "v1-0-0",
  "9alpha": "v9alpha",
  "123": "v123",
  "V2.BETA": "v2-beta",
  "release/v2/1.0": "release-v2-1-0",
});

table("apiVersionOf() puts a v before the chart's version", apiVersionOf, {
  "1.1.10": "v1-1-10",
  "v1.0.0": "vv1-0-0",
  "1.0.0-RC.1+build.7": "v1-0-0-rc-1-build-7",
});

table("goIdentifier() makes exported identifiers", goIdentifier, {
  camelCase: "CamelCase",
  "Contains space": "ContainsSpace",
  "key-name": "KeyName",
  key_name: "KeyName",
  "a.b.c": "ABC",
  "a:b": "AB",
  "a<b>": "AB",
  "123ABC": "_123ABC",
});

table("kindOf() makes kinds of chart names", kindOf, {
  "fireworks-app": "FireworksApp",
  "github-scaffolding-lifecycle": "GithubScaffoldingLifecycle",
  podinfo: "Podinfo",
  "argo-cd": "ArgoCd",
});

Deno.test("compositionNames() gives the original's names", () => {
  const names = compositionNames({ name: "fireworks-app", version: "1.1.10" });
  equal(names.crdName, "fireworksapps.composition.krateo.io");
  equal(names.version, "v1-1-10");
  equal(names.listKind, "FireworksAppList");
  equal(names.singular, "fireworksapp");
  equal(compositionNames({ name: "podinfo", version: "6.0.0" }).plural, "podinfoes");
});

Deno.test("compositionNames() refuses what is no Kubernetes name", () => {
  const wrong = [["1password", "1.0.0", "InvalidName"], ["x".repeat(64), "1.0.0", "InvalidName"], [
    "a",
    "1".repeat(70),
    "InvalidVersion",
  ]];
  for (const [name = "", version = "", reason] of wrong) {
    throws(() => compositionNames({ name, version }), (error) => error instanceof CrdError && error.reason === reason);
  }
});
