import assert from "node:assert/strict";
import { ApiError } from "../status.ts";
import { negotiateForm } from "./negotiate.ts";
import { parseResourcePath } from "./target.ts";

Deno.test("negotiateForm() passes protobuf over and finds the form that is wanted most", () => {
  const table = Object.entries({
    "application/json": "object",
    "*/*": "object",
    "application/vnd.kubernetes.protobuf,application/json": "object",
    "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json":
      "table",
    "application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json": "object",
    "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1":
      "partial",
    "text/html;q=0.9, application/json;q=0.5": "object",
  });
  for (const [accept, wanted] of table) assert.equal(negotiateForm(accept), wanted, accept);
  assert.equal(negotiateForm(undefined), "object");
  for (const accept of ["application/vnd.kubernetes.protobuf", "application/json;q=0", "text/csv"]) {
    assert.throws(
      () => negotiateForm(accept),
      (error) => error instanceof ApiError && error.reason === "NotAcceptable",
      accept,
    );
  }
});

Deno.test("parseResourcePath() takes paths apart", () => {
  const table: readonly (readonly [string, readonly (string | undefined)[] | undefined])[] = [
    ["/api/v1/pods", ["", "v1", undefined, "pods", undefined, undefined]],
    ["/api/v1/namespaces/n/pods/p/log", ["", "v1", "n", "pods", "p", "log"]],
    ["/api/v1/namespaces/n", ["", "v1", undefined, "namespaces", "n", undefined]],
    ["/api/v1/namespaces/n/status", ["", "v1", undefined, "namespaces", "n", "status"]],
    ["/api/v1/namespaces/n/finalize", ["", "v1", undefined, "namespaces", "n", "finalize"]],
    ["/apis/g.io/v2/namespaces/n/things/a%20b", ["g.io", "v2", "n", "things", "a b", undefined]],
    ["/apis/g.io/v2", undefined],
    ["/version", undefined],
  ];
  for (const [path, wanted] of table) {
    const found = parseResourcePath(path);
    const parts = found && [found.group, found.version, found.namespace, found.plural, found.name, found.subresource];
    assert.deepEqual(parts, wanted, path);
  }
});
