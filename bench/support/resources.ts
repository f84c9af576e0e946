/** Resources that benchmarks use without discovery. */
import type { ApiResource } from "../../lib/kube/mod.ts";

/** `v1 ConfigMap`. */
export const CONFIG_MAPS: ApiResource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};
