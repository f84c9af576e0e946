/** The `paths` of an OpenAPI document, with the query parameters by which kubectl finds out what the server can do. */
import type { JsonObject } from "../json_value.ts";
import type { Discovered } from "./resources.ts";

const parameter = (name: string, type: "string" | "boolean" | "integer", description: string): JsonObject => ({
  name,
  in: "query",
  description,
  schema: { type, uniqueItems: true },
});

const inPath = (name: string): JsonObject => ({
  name,
  in: "path",
  required: true,
  description: name === "name" ? "name of the object" : "object name and auth scope, such as for teams and projects",
  schema: { type: "string", uniqueItems: true },
});

const WRITE: readonly JsonObject[] = [
  parameter("dryRun", "string", "`All`: all stages of the request are processed, but nothing is stored."),
  parameter("fieldManager", "string", "Name of the actor that makes these changes."),
  parameter("fieldValidation", "string", "What is done about unknown fields: Ignore, Warn or Strict."),
];
const APPLY = parameter("force", "boolean", "Take fields that other managers own; for apply patches only.");
const READ: readonly JsonObject[] = [
  parameter("labelSelector", "string", "Restricts the list by labels."),
  parameter("fieldSelector", "string", "Restricts the list by fields."),
  parameter("limit", "integer", "Largest number of items in an answer."),
  parameter("continue", "string", "Token of the next page."),
  parameter("resourceVersion", "string", "Revision to read at or to watch from."),
  parameter("resourceVersionMatch", "string", "How resourceVersion is applied."),
  parameter("timeoutSeconds", "integer", "Time limit of a list or watch."),
  parameter("watch", "boolean", "Watch for changes."),
  parameter("allowWatchBookmarks", "boolean", "Send BOOKMARK events."),
  parameter("sendInitialEvents", "boolean", "Begin a watch with the present objects."),
];

/** Formats of patches; a strategic one is not named, as clients that find it merge by these documents instead of their own. */
const PATCHES = ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"];

type Action = "list" | "get" | "post" | "put" | "patch" | "delete" | "deletecollection";

/** Paths of one resource and its subresources. */
export function resourceOperations(root: string, resource: Discovered, component: string): JsonObject {
  const { served, verbs } = resource;
  const scope = served.namespaced ? "/namespaces/{namespace}" : "";
  const collection = `${root}${scope}/${served.plural}`;
  const common = served.namespaced ? [inPath("namespace")] : [];
  const paths: JsonObject = {
    [collection]: { parameters: common, ...operations(resource, component, COLLECTION, verbs) },
  };
  if (!verbs.includes("get")) return paths;
  const item = `${collection}/{name}`;
  paths[item] = { parameters: [inPath("name"), ...common], ...operations(resource, component, OBJECT, verbs) };
  for (const sub of resource.subresources) {
    if (sub.group !== served.group) continue;
    paths[`${item}/${sub.name}`] = {
      parameters: [inPath("name"), ...common],
      ...operations(resource, component, OBJECT, sub.verbs),
    };
  }
  if (served.namespaced) paths[`${root}/${served.plural}`] = operations(resource, component, EVERYWHERE, verbs);
  return paths;
}

type Verbs = Readonly<Record<string, readonly [Action, string]>>;

const COLLECTION: Verbs = {
  get: ["list", "list"],
  post: ["post", "create"],
  delete: ["deletecollection", "deletecollection"],
};
const OBJECT: Verbs = {
  get: ["get", "get"],
  put: ["put", "update"],
  patch: ["patch", "patch"],
  delete: ["delete", "delete"],
};
const EVERYWHERE: Verbs = { get: ["list", "list"] };

function operations(resource: Discovered, component: string, methods: Verbs, allowed: readonly string[]): JsonObject {
  const result: JsonObject = {};
  for (const [method, [action, verb]] of Object.entries(methods)) {
    if (allowed.includes(verb)) result[method] = operation(resource, component, action);
  }
  return result;
}

function operation({ served, version }: Discovered, component: string, action: Action): JsonObject {
  const body = { $ref: `#/components/schemas/${action === "list" ? `${component}List` : component}` };
  return {
    tags: [served.group === "" ? `core_${version.name}` : `${served.group.split(".")[0]}_${version.name}`],
    operationId: `${action}${served.namespaced ? "Namespaced" : ""}${served.kind}`,
    parameters: parametersOf(action),
    ...requestBody(action, body),
    responses: {
      "200": { description: "OK", content: { "application/json": { schema: body } } },
      "401": { description: "Unauthorized" },
    },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": { group: served.group, kind: served.kind, version: version.name },
  };
}

function parametersOf(action: Action): readonly JsonObject[] {
  switch (action) {
    case "list":
    case "deletecollection":
      return READ;
    case "patch":
      return [...WRITE, APPLY];
    case "post":
    case "put":
      return WRITE;
    case "delete":
      return WRITE.slice(0, 1);
    case "get":
      return [];
  }
}

function requestBody(action: Action, body: JsonObject): JsonObject {
  if (action === "patch") {
    const schema = { type: "object", description: "A patch" };
    return { requestBody: { required: true, content: Object.fromEntries(PATCHES.map((type) => [type, { schema }])) } };
  }
  if (action !== "post" && action !== "put") return {};
  return { requestBody: { required: true, content: { "*/*": { schema: body } } } };
}
