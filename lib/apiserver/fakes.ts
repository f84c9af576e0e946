/** Stand-ins until the schema engine and the field manager are wired. */
import type { KubeObject } from "../kube/mod.ts";
import { mergePatch } from "./patch/mod.ts";
import type { FieldManager, SchemaEngine } from "./resource.ts";

export const fakeEngine: SchemaEngine = {
  prune: () => [],
  applyDefaults: () => {},
  validate: () => [],
  checkStructural: () => [],
};

export const fakeFields: FieldManager = {
  apply: ({ live, config }) => ({ object: mergePatch(live ?? {}, config) as KubeObject, conflicts: [] }),
  updated: ({ live }) => live?.metadata.managedFields ?? [],
  strategicMerge: (_, live, patch) => mergePatch(live, patch) as KubeObject,
};
