import assert from "node:assert/strict";
import { type AuditEntry, readAudit, refusals, unused } from "./rights.ts";

const DECISION = "authorization.k8s.io/decision";
const user = { username: "system:serviceaccount:krateo-system:kco" };

function entry(verb: string, resource: string, apiGroup: string, more: Partial<AuditEntry> = {}): AuditEntry {
  const requestURI = `/${apiGroup}/${resource}`;
  return { verb, requestURI, user, objectRef: { resource, apiGroup }, annotations: { [DECISION]: "allow" }, ...more };
}

Deno.test("refusals() tells what RBAC refused, once each, and not what admission did", () => {
  const forbidden = { annotations: { [DECISION]: "forbid" }, responseStatus: { code: 403 } };
  const entries = [
    entry("list", "secrets", "", forbidden),
    entry("list", "secrets", "", forbidden),
    entry("patch", "deployments", "apps", {
      ...forbidden,
      objectRef: { resource: "deployments", subresource: "scale", apiGroup: "apps" },
      impersonatedUser: { username: "jane" },
    }),
    entry("get", "configmaps", "", { annotations: {}, responseStatus: { code: 403 } }),
    entry("create", "pods", "", { responseStatus: { code: 403 } }),
    entry("get", "pods", "", { responseStatus: { code: 200 } }),
  ];
  const told = ["list secrets", "patch deployments/scale.apps as jane", "get configmaps"];
  assert.deepEqual([...refusals(entries).keys()], told);
});

Deno.test("unused() tells the verbs of a role that nobody needed", () => {
  const role = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "kco" },
    rules: [
      { nonResourceURLs: ["/api"], verbs: ["get"] },
      { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["list", "watch"] },
      { apiGroups: ["composition.krateo.io"], resources: ["*"], verbs: ["get", "delete"] },
      { apiGroups: ["krateo.io"], resources: ["patches/status"], verbs: ["patch"] },
    ],
  };
  const entries = [
    entry("list", "events", ""),
    entry("watch", "events", "events.k8s.io"),
    entry("get", "webs", "composition.krateo.io"),
    entry("patch", "patches", "krateo.io"),
  ];
  const left = [
    "watch events",
    "list events.events.k8s.io",
    "delete *.composition.krateo.io",
    "patch patches/status.krateo.io",
  ];
  assert.deepEqual(unused(role, entries), left);
});

Deno.test("readAudit() leaves out a line that is under way", async () => {
  const path = await Deno.makeTempFile();
  try {
    const line = JSON.stringify(entry("get", "pods", ""));
    await Deno.writeTextFile(path, `${line}\n${line.slice(0, 20)}`);
    assert.deepEqual((await readAudit(path)).map(({ verb }) => verb), ["get"]);
  } finally {
    await Deno.remove(path);
  }
});
