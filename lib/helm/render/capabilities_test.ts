import assert from "node:assert/strict";
import { fromJson, GoMap, TemplateSet } from "../../gotemplate/mod.ts";
import { sprigFunctions } from "../../gotemplate/functions/mod.ts";
import { CapabilitiesObject } from "./capabilities.ts";

const capabilities = new CapabilitiesObject({ kubeVersion: "v1.33.4-gke.1", apiVersions: ["v1"] });

function printed(text: string): string {
  const set = new TemplateSet({ functions: sprigFunctions() });
  set.parse("main", text);
  return set.execute("main", new GoMap([["Capabilities", capabilities], ["one", fromJson(1)]]));
}

Deno.test("KubeVersion prints itself where it is a part of the capabilities, and its fields where it was copied", () => {
  for (
    const [text, wanted] of [
      ["{{ .Capabilities.KubeVersion }}", "v1.33.4"],
      ["{{ $v := .Capabilities.KubeVersion }}{{ $v }}", "v1.33.4"],
      ["{{ with .Capabilities.KubeVersion }}{{ . }}{{ end }}", "v1.33.4"],
      ["{{ or .Capabilities.KubeVersion .one }}", "v1.33.4"],
      ["{{ default 1 .Capabilities.KubeVersion }}", "{v1.33.4-gke.1 v1.33.4 1 33}"],
      ["{{ .Capabilities.KubeVersion | coalesce }}", "{v1.33.4-gke.1 v1.33.4 1 33}"],
      ["{{ index (list .Capabilities.KubeVersion) 0 }}", "{v1.33.4-gke.1 v1.33.4 1 33}"],
      ["{{ deepCopy .Capabilities.KubeVersion }}", "{v1.33.4-gke.1  1 33}"],
      ["{{ (deepCopy .Capabilities).KubeVersion.GitVersion }}", "v1.33.4-gke.1"],
      ["{{ deepEqual .Capabilities (deepCopy .Capabilities) }}", "false"],
      ["{{ typeOf (slice .Capabilities.APIVersions 0 1) }}", "common.VersionSet"],
      ["{{ eq .Capabilities.KubeVersion (default 1 .Capabilities.KubeVersion) }}", "true"],
    ] as const
  ) assert.equal(printed(text), wanted, text);
});

Deno.test("a copy of KubeVersion has no methods", () => {
  assert.throws(
    () => printed("{{ (default 1 .Capabilities.KubeVersion).GitVersion }}"),
    /can't evaluate field GitVersion in type common.KubeVersion/,
  );
});

Deno.test("the pointer to the capabilities is printed and escaped as what it points to", () => {
  const fields = "{{v1.33.4-gke.1 v1.33.4 1 33} [v1] {v4.2.4   go1.26.8 v1.36}}";
  assert.equal(printed("{{ .Capabilities }}"), fields);
  assert.equal(printed("{{ html .Capabilities }}"), fields);
  assert.equal(printed("{{ print .Capabilities }}"), `&${fields}`);
  assert.match(printed("{{ deepCopy .Capabilities }}"), /^\{\{v1.33.4-gke.1 {2}1 33\}/);
});
