/** Watches: a stream of events from a revision on. */
import type { Core } from "../core.ts";
import type { ServedKind } from "../registry.ts";
import { ApiError, badRequest } from "../status.ts";
import type { Commit, Entry } from "../storage/mod.ts";
import type { Answer } from "./exchange.ts";
import type { Representation } from "./representation.ts";
import { matchForbidden } from "./list.ts";
import { type Selection, selectionOf } from "./selection.ts";
import type { Target } from "./target.ts";
import type { WatchHub } from "./watch_hub.ts";

/** Where a watch begins. */
interface Start {
  /** Send the present objects as ADDED first. */
  readonly initial: boolean;
  /** End them with a bookmark that says so. */
  readonly mark: boolean;
  /** Otherwise: go on after this revision. */
  readonly after: number;
}

interface WatchRequest {
  readonly core: Core;
  readonly hub: WatchHub;
  readonly target: Target;
  readonly query: URLSearchParams;
  /** The representation for a definition of the kind; asked again when the definition changes. */
  readonly represent: (served: ServedKind) => Representation;
  readonly byteStream: boolean;
}

/**
 * Starts a watch.
 *
 * A revision that is too old is reported inside the stream, as the real server does.
 *
 * @throws ApiError `BadRequest`, `Invalid` for parameters that contradict one another.
 */
export function watchAnswer(request: WatchRequest): Answer {
  const { core, hub, target, query, represent } = request;
  const selection = selectionOf(target, query);
  const start = startOf(core, query);
  const bookmarks = query.get("allowWatchBookmarks") === "true" || query.get("allowWatchBookmarks") === "1";
  const watcher = hub.open({
    representation: represent(target.served),
    bookmarks,
    timeout: readTimeout(query),
    byteStream: request.byteStream,
  });
  const follow = (commit: Commit) => {
    const event = eventFor(commit, selection);
    if (event !== undefined) watcher.send(event.type, event.entry);
  };
  const deliver = (commit: Commit) => {
    if (commit.revision > start.after) follow(commit);
  };
  try {
    if (start.initial) watcher.sendPresent(present(core, target, selection), start.mark && bookmarks);
    else for (const commit of core.store.collection(target.served.resource).since(start.after)) follow(commit);
    watcher.onEnd(core.store.subscribe(target.served.resource, deliver));
    watcher.onEnd(followDefinition(core, target, represent, watcher));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    watcher.fail(error);
  }
  return { status: 200, headers: { "content-type": "application/json" }, body: watcher.stream };
}

/** A kind that is no longer served ends its watches; a changed one is represented anew. */
function followDefinition(
  core: Core,
  target: Target,
  represent: (served: ServedKind) => Representation,
  watcher: ReturnType<WatchHub["open"]>,
): () => void {
  const { group, plural } = target.served;
  return core.registry.subscribe(({ removed, added }) => {
    if (removed?.group !== group || removed.plural !== plural) return;
    if (added?.served(target.version.name) === undefined) watcher.end();
    else watcher.represent(represent(added));
  });
}

function present(core: Core, target: Target, selection: Selection): readonly Entry[] {
  const entries = core.store.collection(target.served.resource).list(selection.namespace);
  return [...entries].filter((entry) => selection.matches(entry));
}

/** What a commit looks like through a selection: an object that begins or ceases to match is added or deleted. */
function eventFor(commit: Commit, selection: Selection): { type: Commit["type"]; entry: Entry } | undefined {
  const { type, entry, previous } = commit;
  if (selection.everything && (selection.namespace === undefined || selection.namespace === entry.namespace)) {
    return { type, entry };
  }
  const before = previous !== undefined && selection.matches(previous);
  if (type === "DELETED") return before ? { type, entry } : undefined;
  const after = selection.matches(entry);
  if (after) return { type: before ? "MODIFIED" : "ADDED", entry };
  return before ? { type: "DELETED", entry: lastMatching(commit, previous) } : undefined;
}

const departed = new WeakMap<Commit, Entry>();

/** The last state that matched, under the revision at which it ceased to. One for all watchers. */
function lastMatching(commit: Commit, previous: Entry): Entry {
  let entry = departed.get(commit);
  if (entry === undefined) {
    const { object } = previous;
    const metadata = { ...object.metadata, resourceVersion: String(commit.revision) };
    entry = { ...previous, revision: commit.revision, object: { ...object, metadata } };
    departed.set(commit, entry);
  }
  return entry;
}

function startOf(core: Core, query: URLSearchParams): Start {
  const text = query.get("resourceVersion") ?? "";
  if (!/^\d*$/.test(text)) {
    throw unreadableRevision(text);
  }
  const sendInitialEvents = query.get("sendInitialEvents");
  const match = query.get("resourceVersionMatch") ?? "";
  if (sendInitialEvents === null && match !== "") {
    throw matchForbidden("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
  }
  const now = core.store.revision;
  if (sendInitialEvents === null) {
    return {
      initial: text === "" || text === "0",
      mark: false,
      after: text === "" || text === "0" ? now : Number(text),
    };
  }
  if (match !== "NotOlderThan") {
    throw matchForbidden("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
  }
  const initial = sendInitialEvents === "true" || sendInitialEvents === "1";
  return { initial, mark: initial, after: initial || text === "" || text === "0" ? now : Number(text) };
}

function readTimeout(query: URLSearchParams): number | undefined {
  const text = query.get("timeoutSeconds");
  if (text === null || text === "" || text === "0") return undefined;
  if (!/^\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Number(text);
}

/** The real server fails on it, without a reason. */
function unreadableRevision(text: string): ApiError {
  const why = `Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`;
  return new ApiError("Unknown", `resourceVersion: ${why}`);
}
