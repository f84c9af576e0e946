/** The objects of one kind in one namespace that somebody looks at, over as few watches as that takes. */
import {
  BehaviorSubject,
  defer,
  distinctUntilChanged,
  finalize,
  type Observable,
  switchMap,
} from "../../../lib/deps/rxjs.ts";
import type { ApiResource, KubeClient } from "../../../lib/kube/mod.ts";
import type { Sight } from "./sight.ts";
import { type Extent, View } from "./view.ts";

/** Names in one scope that have a watch each; with one more, one watch on the whole scope serves them all. */
export const OWN_WATCHES = 3;

/**
 * Up to {@linkcode OWN_WATCHES} objects are watched by name, which needs the least rights and memory; more by one watch on
 * the whole scope. Where the server refuses that one, it is back to watches by name, for good.
 */
export class Scope {
  readonly #client: KubeClient;
  readonly #resource: ApiResource;
  readonly #namespace: string | undefined;
  /** How many look, by name. */
  readonly #names = new Map<string, number>();
  readonly #views = new Map<string, View>();
  readonly #wide$ = new BehaviorSubject(false);
  #wideRefused = false;

  constructor(client: KubeClient, resource: ApiResource, namespace: string | undefined) {
    this.#client = client;
    this.#resource = resource;
    this.#namespace = resource.namespaced ? namespace : undefined;
  }

  /** One object by name. */
  named$(name: string): Observable<Sight> {
    return defer(() => {
      this.#enter(name);
      return this.#wide$;
    }).pipe(
      distinctUntilChanged(),
      switchMap((wide) => {
        const extent = wide ? {} : { fieldSelector: `metadata.name=${name}` };
        return this.#seen(extent, (view) => view.object$(name, this.#namespace));
      }),
      finalize(() => this.#exit(name)),
    );
  }

  /** All objects with certain labels. */
  labelled$(labelSelector: string): Observable<Sight> {
    return this.#seen({ labelSelector }, (view) => view.objects$());
  }

  #seen(selector: Extent, look: (view: View) => Observable<Sight>): Observable<Sight> {
    const key = JSON.stringify(selector);
    return defer(() => {
      const view = this.#views.get(key) ?? this.#open(selector, key);
      return look(view).pipe(finalize(() => view.idle && this.#views.delete(key)));
    });
  }

  #open(selector: Extent, key: string): View {
    const isWide = Object.keys(selector).length === 0;
    const extent = { ...selector, ...(this.#namespace === undefined ? {} : { namespace: this.#namespace }) };
    const view = new View(this.#client, this.#resource, extent, isWide ? () => this.#refuseWide() : undefined);
    this.#views.set(key, view);
    return view;
  }

  #enter(name: string): void {
    this.#names.set(name, (this.#names.get(name) ?? 0) + 1);
    if (this.#names.size > OWN_WATCHES && !this.#wideRefused) this.#wide$.next(true);
  }

  #exit(name: string): void {
    const rest = (this.#names.get(name) ?? 1) - 1;
    if (rest > 0) this.#names.set(name, rest);
    else this.#names.delete(name);
    if (this.#names.size === 0) this.#wide$.next(false);
  }

  #refuseWide(): void {
    this.#wideRefused = true;
    // Not from within the watch's own report.
    queueMicrotask(() => this.#wide$.next(false));
  }
}
