/** What a watch of CustomResourceDefinitions tells about which resources are served. */
import { defer, finalize, type Observable, tap } from "../deps/rxjs.ts";
import type { WatchOptions } from "./client_types.ts";
import { keyOf } from "./path.ts";
import type { ApiResource, Change, Condition, KubeObject } from "./types.ts";

/** Where that is kept: a part of discovery. */
export interface DefinitionBook {
  /** A CRD now serves exactly these. */
  define(name: string, resources: readonly ApiResource[]): void;
  /** Something about CRDs has changed that only discovery itself can tell. */
  invalidate(): void;
  /** Somebody follows all CRDs. */
  open(): void;
  /** They do not any more. */
  close(): void;
}

/** Whether a resource is that of CustomResourceDefinitions. */
export function isDefinitions({ group, plural }: ApiResource): boolean {
  return group === "apiextensions.k8s.io" && plural === "customresourcedefinitions";
}

/**
 * Lets a watch of CRDs tell the book what it hears, before it tells anybody else: whoever reacts to an established CRD finds
 * its kind at once. A watch of only some CRDs, or of their metadata, cannot tell what is gone, and only says that something
 * has changed.
 *
 * @param begin Begins the watch, with a transform that sees each CRD whole.
 * @param keep What the caller keeps of a CRD.
 */
export function followDefinitions<T extends KubeObject>(
  book: DefinitionBook,
  options: WatchOptions<T>,
  keep: (object: T) => T,
  begin: (options: WatchOptions<T>) => Observable<Change<T>>,
): Observable<Change<T>> {
  const whole = !options.labelSelector && !options.fieldSelector && !options.metadataOnly;
  return defer(() => {
    /** What each CRD serves, by the object that the caller keeps of it. */
    const heard = new WeakMap<KubeObject, readonly ApiResource[]>();
    const served = new Map<string, string>();
    let listed: Set<string> | undefined;
    const transform = (object: T) => {
      const resources = servedBy(object);
      const kept = keep(object);
      heard.set(kept, resources);
      return kept;
    };
    const learn = (name: string, resources: readonly ApiResource[]) => {
      const signature = JSON.stringify(resources);
      if ((served.get(name) ?? "[]") === signature) return;
      served.set(name, signature);
      if (whole) book.define(name, resources);
      else book.invalidate();
    };
    const take = (change: Change<T>) => {
      switch (change.type) {
        case "reset":
          listed = new Set();
          return;
        case "applied":
          listed?.add(keyOf(change.object));
          return learn(keyOf(change.object), heard.get(change.object) ?? []);
        case "deleted":
          return learn(keyOf(change.object), []);
        case "synced":
          for (const name of served.keys()) if (listed?.has(name) === false) learn(name, []);
          listed = undefined;
      }
    };
    if (!whole) return begin({ ...options, transform }).pipe(tap(take));
    book.open();
    return begin({ ...options, transform }).pipe(tap(take), finalize(() => book.close()));
  });
}

/** The resources of a CRD; none while it is not established. */
function servedBy(crd: KubeObject): readonly ApiResource[] {
  const { spec, status } = crd as KubeObject & {
    readonly spec?: {
      readonly group?: string;
      readonly scope?: string;
      readonly names?: { readonly kind?: string; readonly plural?: string };
      readonly versions?: readonly { readonly name: string; readonly served?: boolean }[];
    };
    readonly status?: { readonly conditions?: readonly Condition[] };
  };
  const established = status?.conditions?.some(({ type, status }) => type === "Established" && status === "True");
  const { group, scope, names, versions = [] } = spec ?? {};
  if (!established || group === undefined || names?.kind === undefined || names.plural === undefined) return [];
  const { kind, plural } = names;
  return versions.filter((version) => version.served).map(({ name }) => ({
    group,
    version: name,
    kind,
    plural,
    namespaced: scope === "Namespaced",
  }));
}
