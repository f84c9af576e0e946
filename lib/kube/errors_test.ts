import assert from "node:assert/strict";
import { fromStatus } from "./errors.ts";
import type { Status } from "./types.ts";

function forbidden(message: string): Status {
  return { kind: "Status", apiVersion: "v1", status: "Failure", reason: "Forbidden", message, code: 403 };
}

const refusals: { name: string; message: string; expected: string }[] = [
  {
    name: "a list in a namespace",
    message: 'pods is forbidden: User "x" cannot list resource "pods" in API group "" in the namespace "demo"',
    expected:
      'add to a Role in namespace "demo" of the caller: {apiGroups: [""], resources: [pods], verbs: [get, list, watch]}',
  },
  {
    name: "a patch of a subresource everywhere",
    message:
      'things.x.io "a" is forbidden: User "x" cannot patch resource "things/status" in API group "x.io" at the cluster scope',
    expected: "add to a ClusterRole of the caller: {apiGroups: [x.io], resources: [things/status], verbs: [patch]}",
  },
  {
    name: "something in other words",
    message: "denied by a webhook",
    expected: "grant this verb on this resource to the caller with a Role or ClusterRole",
  },
];
for (const { name, message, expected } of refusals) {
  Deno.test(`a KubeError of a missing permission tells the rule to add: ${name}`, () => {
    const error = fromStatus("do it", forbidden(message), 403);
    assert.equal(error.message, `Cannot do it: 403 Forbidden: ${message}: ${expected}`);
  });
}
