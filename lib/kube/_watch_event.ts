/** One line of a watch, decoded. */
import { fromStatus, isFailureStatus, KubeError, type Subject } from "./errors.ts";
import type { KubeObject } from "./types.ts";

/** What a server says on a watch. */
export type WatchEvent<T extends KubeObject> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }
  | {
    readonly type: "BOOKMARK";
    readonly object: {
      readonly metadata: { readonly resourceVersion?: string; readonly annotations?: Record<string, string> };
    };
  }
  | { readonly type: "ERROR"; readonly error: KubeError };

/** Decodes one line. A line that is no event throws `Malformed`: the stream can no longer be trusted. */
export function decodeEvent<T extends KubeObject>(what: Subject, line: string): WatchEvent<T> {
  const value = parse(what, line);
  // A transport that hides HTTP errors delivers the Status as the first line.
  if (isFailureStatus(value)) return { type: "ERROR", error: fromStatus(what, value, 0) };
  if (!isEvent(value)) throw malformed(what, line);
  switch (value.type) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
    case "BOOKMARK":
      if (!hasMetadata(value.object)) throw malformed(what, line);
      return { type: value.type, object: value.object as T }; // The seam where bytes become types.
    case "ERROR":
      if (!isFailureStatus(value.object)) throw malformed(what, line);
      return { type: "ERROR", error: fromStatus(what, value.object, 0) };
    default:
      throw malformed(what, line);
  }
}

function parse(what: Subject, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw malformed(what, line);
  }
}

function isEvent(value: unknown): value is { readonly type: unknown; readonly object: unknown } {
  return typeof value === "object" && value !== null && "type" in value && "object" in value;
}

function hasMetadata(object: unknown): boolean {
  return typeof object === "object" && object !== null && "metadata" in object && typeof object.metadata === "object" &&
    object.metadata !== null;
}

function malformed(what: Subject, line: string): KubeError {
  return new KubeError(`Cannot ${what}: the server sent a line that is no watch event: ${line.slice(0, 120)}`, {
    reason: "Malformed",
  });
}
