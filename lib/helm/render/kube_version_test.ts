import assert from "node:assert/strict";
import { kubeVersionOf, parseKubeVersion } from "./kube_version.ts";

Deno.test("parseKubeVersion() has the numbers of a version as they are given, not three of them", () => {
  for (
    const [text, full, normalized] of [
      ["1.31", "v1.31", "v1.31"],
      ["v1.31", "v1.31", "v1.31"],
      ["v1.31.2-gke.1+x", "v1.31.2-gke.1+x", "v1.31.2"],
      ["1.31.x", "v1.31.x", "v1.31"],
      [" 1.31+", "v 1.31+", "v1.31"],
      ["1.031.02", "v1.031.02", "v1.31.2"],
      ["1.31.2.3", "v1.31.2.3", "v1.31.2.3"],
    ] as const
  ) assert.deepEqual(parseKubeVersion(text), { full, normalized, major: "1", minor: "31" }, text);
});

Deno.test("parseKubeVersion() says what is wrong with a version in the words of Kubernetes", () => {
  for (
    const [text, message] of [
      ["1", 'illegal version string "1"'],
      ["v", 'could not parse "v" as version'],
      ["1.31\nx", 'could not parse "1.31\\nx" as version'],
      ["01.31", 'illegal zero-prefixed version component "01" in "01.31"'],
      [
        "99999999999999999999.1",
        'illegal non-numeric version component "99999999999999999999" in "99999999999999999999.1": ' +
        'strconv.ParseUint: parsing "99999999999999999999": value out of range',
      ],
    ] as const
  ) assert.throws(() => parseKubeVersion(text), { name: "KubeVersionError", message });
});

Deno.test("kubeVersionOf() leaves what is no version as it is", () => {
  assert.deepEqual(kubeVersionOf("?"), { full: "?", normalized: "?", major: "", minor: "" });
});
