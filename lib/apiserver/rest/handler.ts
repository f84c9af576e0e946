/** The way of a request through the server. */
import { answerReview, authenticate } from "../access.ts";
import type { User } from "../core.ts";
import { ApiError, invalidOptions, methodNotAllowed, noSuchResource, notFound, notImplemented } from "../status.ts";
import type { Entry } from "../storage/mod.ts";
import { asKubeObject, readDeleteOptions, readObject, readValue } from "./body.ts";
import { type Call, encoderFor, type HandlerParts, liveEntry, patchFormat, withWarnings } from "./call.ts";
import { deleteAnswer, deleteObject } from "./delete.ts";
import { type Answer, type Exchange, jsonAnswer, textAnswer } from "./exchange.ts";
import { checkRevision, listAnswer, listPage } from "./list.ts";
import { negotiateForm } from "./negotiate.ts";
import { deleteOptions, type WriteOptions, writeOptions } from "./options.ts";
import { applyObject, patchObject } from "./patch.ts";
import { representationFor } from "./representation.ts";
import { answerScale } from "./scale_requests.ts";
import { parseResourcePath, resolveTarget, type Target } from "./target.ts";
import { watchAnswer } from "./watch.ts";
import { createObject, updateObject } from "./write.ts";

/** Answers a request; every failure becomes a Status. */
export type Handler = (exchange: Exchange, trusted: boolean) => Promise<Answer>;

/** Makes the handler of a server. */
export function createHandler(parts: HandlerParts): Handler {
  return async (exchange, trusted) => {
    try {
      const user = authenticate(exchange, trusted ? undefined : parts.token);
      return await route(parts, exchange, user);
    } catch (error) {
      return failure(error);
    }
  };
}

function failure(error: unknown): Answer {
  const known = error instanceof ApiError
    ? error
    : new ApiError("InternalError", `Internal error occurred: ${error instanceof Error ? error.stack : String(error)}`);
  const answer = jsonAnswer(known.status, known.httpCode);
  const seconds = known.status.details?.retryAfterSeconds;
  return seconds === undefined ? answer : { ...answer, headers: { ...answer.headers, "retry-after": String(seconds) } };
}

async function route(parts: HandlerParts, exchange: Exchange, user: User): Promise<Answer> {
  const path = parseResourcePath(exchange.path);
  const target = path === undefined ? undefined : resolveTarget(parts.core.registry, path);
  if (target === undefined) return answerElsewhere(parts, exchange);
  const call: Call = { ...parts, exchange, user, target };
  if (call.target.served.definition.verbs?.includes("create") && call.target.served.definition.verbs.length === 1) {
    return await review(call);
  }
  return withDeprecation(await routeTarget(call), target);
}

async function routeTarget(call: Call): Promise<Answer> {
  if (call.target.subresource !== undefined) return await routeSubresource(call);
  return call.target.name === undefined ? await routeCollection(call) : await routeObject(call);
}

/** Every answer of a deprecated version says so, and which version to use instead. */
function withDeprecation(answer: Answer, { served, version }: Target): Answer {
  if (version.deprecated !== true) return answer;
  const better = served.definition.versions.find((other) => other.served && other.deprecated !== true);
  const advice = better === undefined ? "" : `; use ${served.apiVersion(better)} ${served.kind}`;
  const warning = version.deprecationWarning ?? `${served.apiVersion(version)} ${served.kind} is deprecated${advice}`;
  return { ...answer, warnings: [warning, ...answer.warnings ?? []] };
}

/** Paths that are not about resources: they can be read, if they are there. */
function answerElsewhere({ discovery }: HandlerParts, exchange: Exchange): Answer {
  const answer = discovery.answer(exchange);
  if (answer === undefined) return textAnswer("404 page not found\n", 404);
  if (exchange.method !== "GET" && exchange.method !== "HEAD") throw methodNotAllowed();
  return answer;
}

async function review({ exchange, user, token }: Call): Promise<Answer> {
  if (exchange.method !== "POST") throw methodNotAllowed();
  return jsonAnswer(answerReview(await readObject(exchange), user, token), 201);
}

async function routeCollection(call: Call): Promise<Answer> {
  switch (call.exchange.method) {
    case "GET":
    case "HEAD":
      return isWatch(call.exchange) ? watch(call) : list(call);
    case "POST":
      return await create(call);
    case "DELETE":
      return await removeCollection(call);
    default:
      throw methodNotAllowed();
  }
}

async function routeObject(call: Call): Promise<Answer> {
  switch (call.exchange.method) {
    case "GET":
    case "HEAD":
      return isWatch(call.exchange) ? watch(call) : get(call);
    case "PUT":
      return await update(call);
    case "PATCH":
      return await patch(call);
    case "DELETE":
      return await remove(call);
    default:
      throw methodNotAllowed();
  }
}

const NEEDS_A_NODE: readonly string[] = [
  "attach",
  "binding",
  "ephemeralcontainers",
  "exec",
  "log",
  "portforward",
  "proxy",
  "resize",
];

async function routeSubresource(call: Call): Promise<Answer> {
  const { served, version, subresource = "", name = "" } = call.target;
  if (subresource === "status" && version.status || subresource === "finalize" && served.plural === "namespaces") {
    return await routeObject(call);
  }
  if (subresource === "scale" && version.scale !== undefined) return await answerScale(call);
  if (served.plural === "pods" && subresource === "eviction" && call.exchange.method === "POST") {
    return await evict(call);
  }
  if (served.group === "" && NEEDS_A_NODE.includes(subresource)) {
    liveEntry(call);
    throw notImplemented(
      `${served.plural}/${subresource} of "${name}": the embedded API server runs no containers; its workloads, if any, are ` +
        "simulated and have no logs, processes or ports. Use a cluster with nodes for that",
    );
  }
  if (served.plural === "serviceaccounts" && subresource === "token") {
    throw notImplemented(
      `serviceaccounts/token of "${name}": the embedded API server has one token and issues no others`,
    );
  }
  // As the real server has it: one says that the path is unknown, the other that the object is.
  throw served.definition.origin === "builtin" ? noSuchResource() : notFound(served, name);
}

function isWatch({ query }: Exchange): boolean {
  const watch = query.get("watch");
  return watch === "true" || watch === "1";
}

function get(call: Call): Answer {
  checkRevision(call.core, call.exchange.query.get("resourceVersion"));
  const encode = encoderFor(call);
  return jsonAnswer(encode(liveEntry(call)));
}

function list(call: Call): Answer {
  const { core, exchange, target } = call;
  const form = negotiateForm(exchange.header("accept"));
  const representation = representationFor(target.served, target.version, form, exchange.query.get("includeObject"));
  return listAnswer(listPage(core, target, exchange.query), representation);
}

function watch(call: Call): Answer {
  const { core, hub, exchange, target } = call;
  const { query } = exchange;
  const form = negotiateForm(exchange.header("accept"));
  return watchAnswer({
    core,
    hub,
    target,
    query,
    represent: (served) =>
      representationFor(served, served.served(target.version.name) ?? target.version, form, query.get("includeObject")),
    byteStream: exchange.byteStream,
  });
}

async function create(call: Call): Promise<Answer> {
  const { core, exchange, target, user } = call;
  const encode = encoderFor(call);
  const options = writeOptions(exchange, user, "CreateOptions");
  const object = await readObject(exchange, target);
  // A namespaced kind may be posted to the collection of all namespaces when the object says its own.
  const { namespace } = object.metadata;
  const inNamespace = target.served.namespaced && target.namespace === undefined && namespace ? { namespace } : {};
  const entry = createObject(core, { ...target, ...inNamespace }, object, options);
  return withWarnings(jsonAnswer(encode(entry), 201), options);
}

async function update(call: Call): Promise<Answer> {
  const { core, exchange, target, user } = call;
  const encode = encoderFor(call);
  const options = writeOptions(exchange, user, "UpdateOptions");
  const object = await readObject(exchange, target);
  const needsRevision = target.served.definition.origin === "crd";
  const { entry } = updateObject(core, target, liveEntry(call), object, options, { needsRevision });
  return withWarnings(jsonAnswer(encode(entry)), options);
}

async function patch(call: Call): Promise<Answer> {
  const { core, exchange, target, user } = call;
  const encode = encoderFor(call);
  const options = writeOptions(exchange, user, "PatchOptions");
  const format = patchFormat(exchange, target);
  if (format !== "apply" && exchange.query.has("force")) throw forceNotAllowed();
  const body = await readValue(exchange, format === "apply");
  const patched = format === "apply"
    ? applyObject(core, target, asKubeObject(body), requireManager(exchange, options), forced(exchange))
    : patchObject(core, target, format, body, options);
  return withWarnings(jsonAnswer(encode(patched.entry), patched.created ? 201 : 200), options);
}

function requireManager(exchange: Exchange, options: WriteOptions): WriteOptions {
  if (exchange.query.get("fieldManager")) return options;
  throw invalidOptions("PatchOptions", {
    reason: "FieldValueRequired",
    field: "fieldManager",
    message: "Required value: is required for apply patch",
  });
}

function forceNotAllowed(): Error {
  return invalidOptions("PatchOptions", {
    reason: "FieldValueForbidden",
    field: "force",
    message: "Forbidden: may not be specified for non-apply patch",
  });
}

function forced({ query }: Exchange): boolean {
  return query.get("force") === "true" || query.get("force") === "1";
}

async function remove(call: Call): Promise<Answer> {
  const { core, exchange, target, user } = call;
  // Deletes answer whole objects whatever the client accepts, as in the real server.
  const encode = wholeObject(target);
  const how = deleteOptions(exchange.query, await readDeleteOptions(exchange));
  const options = writeOptions(exchange, user, "DeleteOptions");
  const deleted = deleteObject(core, target, liveEntry(call), how, options);
  return withWarnings(deleteAnswer(target, deleted, encode), options);
}

function wholeObject({ served, version }: Target): (entry: Entry) => string {
  const representation = representationFor(served, version, "object", null);
  return (entry) => representation.encode(entry);
}

async function removeCollection(call: Call): Promise<Answer> {
  const { core, exchange, target, user } = call;
  const how = deleteOptions(exchange.query, await readDeleteOptions(exchange));
  const options = writeOptions(exchange, user, "DeleteOptions");
  const page = listPage(core, target, exchange.query);
  const entries = page.entries.map((entry) => {
    const object = { ...target, name: entry.name, namespace: entry.namespace };
    return deleteObject(core, object, entry, how, options).entry;
  });
  const representation = representationFor(target.served, target.version, "object", null);
  return withWarnings(listAnswer({ entries, meta: page.meta }, representation), options);
}

async function evict(call: Call): Promise<Answer> {
  const body = await readObject(call.exchange);
  const how = deleteOptions(call.exchange.query, body.deleteOptions);
  const options = writeOptions(call.exchange, call.user, "CreateOptions");
  deleteObject(call.core, { ...call.target, subresource: undefined }, liveEntry(call), how, options);
  return jsonAnswer({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" }, 201);
}
