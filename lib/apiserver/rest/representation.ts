/** How entries are written: whole objects, metadata only, table rows. Encoded once for all who ask the same. */
import type { KubeObject } from "../../kube/mod.ts";
import type { ServedKind } from "../registry.ts";
import type { ResourceVersion } from "../resource.ts";
import type { Entry } from "../storage/mod.ts";
import { badRequest } from "../status.ts";
import { columnDefinitions, tableRow } from "../table/mod.ts";
import type { Form } from "./negotiate.ts";

/** `metadata` of a list. */
export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** One way to write the objects of one version of a kind. */
export interface Representation {
  readonly served: ServedKind;
  readonly version: ResourceVersion;
  /** One object as JSON text. */
  encode(entry: Entry): string;
  /** The object of a bookmark event. */
  bookmark(revision: number, initialEventsEnd: boolean): string;
  /** JSON text before, between and after the items of a list, whose items {@linkcode Representation.item} writes. */
  list(meta: ListMeta): { readonly head: string; readonly tail: string };
  item(entry: Entry): string;
}

/**
 * The representation for a version, form and `includeObject`; the same one for everybody until the kind's definition changes.
 *
 * @throws ApiError `BadRequest` for an unknown `includeObject`.
 */
export function representationFor(
  served: ServedKind,
  version: ResourceVersion,
  form: Form,
  includeObject: string | null,
): Representation {
  if (form === "table" && !["None", "Metadata", "Object", "", null].includes(includeObject)) {
    throw badRequest(
      `Unable to convert to Table as requested: includeObject: Invalid value: "${includeObject}": ` +
        "must be 'Metadata', 'Object', 'None', or empty",
    );
  }
  const include = form === "table" ? includeObject || "Metadata" : "";
  return served.memo(`${form} ${version.name} ${include}`, () => {
    switch (form) {
      case "object":
        return new ObjectRepresentation(served, version);
      case "partial":
        return new PartialRepresentation(served, version);
      case "table":
        return new TableRepresentation(served, version, include);
    }
  });
}

class ObjectRepresentation implements Representation {
  readonly #texts = new WeakMap<Entry, string>();

  constructor(readonly served: ServedKind, readonly version: ResourceVersion) {}

  encode(entry: Entry): string {
    let text = this.#texts.get(entry);
    if (text === undefined) this.#texts.set(entry, text = JSON.stringify(this.served.view(this.version, entry)));
    return text;
  }

  item(entry: Entry): string {
    return this.encode(entry);
  }

  bookmark(revision: number, initialEventsEnd: boolean): string {
    return JSON.stringify({
      kind: this.served.kind,
      apiVersion: this.served.apiVersion(this.version),
      metadata: bookmarkMeta(revision, initialEventsEnd),
    });
  }

  list(meta: ListMeta): { head: string; tail: string } {
    const kind = JSON.stringify(this.served.definition.listKind);
    const apiVersion = JSON.stringify(this.served.apiVersion(this.version));
    return {
      head: `{"kind":${kind},"apiVersion":${apiVersion},"metadata":${JSON.stringify(meta)},"items":[`,
      tail: "]}",
    };
  }
}

const PARTIAL = { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1" };

class PartialRepresentation implements Representation {
  constructor(readonly served: ServedKind, readonly version: ResourceVersion) {}

  encode(entry: Entry): string {
    return JSON.stringify({ ...PARTIAL, metadata: entry.object.metadata });
  }

  item(entry: Entry): string {
    return this.encode(entry);
  }

  bookmark(revision: number, initialEventsEnd: boolean): string {
    return JSON.stringify({ ...PARTIAL, metadata: bookmarkMeta(revision, initialEventsEnd) });
  }

  list(meta: ListMeta): { head: string; tail: string } {
    return {
      head: `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":${
        JSON.stringify(meta)
      },"items":[`,
      tail: "]}",
    };
  }
}

/** Cells such as the age change with time, so rows are never kept. */
class TableRepresentation implements Representation {
  readonly #columns: string;

  constructor(readonly served: ServedKind, readonly version: ResourceVersion, readonly include: string) {
    this.#columns = JSON.stringify(columnDefinitions(version.columns));
  }

  encode(entry: Entry): string {
    const { resourceVersion = "" } = entry.object.metadata;
    const { head, tail } = this.list({ resourceVersion });
    return head + this.item(entry) + tail;
  }

  item(entry: Entry): string {
    const object = this.served.view(this.version, entry);
    return JSON.stringify({
      cells: tableRow(this.version.columns, object, Date.now()),
      ...this.#rowObject(object),
    });
  }

  bookmark(revision: number): string {
    const { head, tail } = this.list({ resourceVersion: String(revision) });
    return head + tail;
  }

  list(meta: ListMeta): { head: string; tail: string } {
    return {
      head: `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":${
        JSON.stringify(meta)
      },"columnDefinitions":${this.#columns},"rows":[`,
      tail: "]}",
    };
  }

  #rowObject(object: KubeObject): { object?: unknown } {
    if (this.include === "None") return {};
    return { object: this.include === "Object" ? object : { ...PARTIAL, metadata: object.metadata } };
  }
}

function bookmarkMeta(revision: number, initialEventsEnd: boolean): object {
  return {
    resourceVersion: String(revision),
    creationTimestamp: null,
    ...(initialEventsEnd ? { annotations: { "k8s.io/initial-events-end": "true" } } : {}),
  };
}
