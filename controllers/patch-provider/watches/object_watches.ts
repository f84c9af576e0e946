/** `ObjectWatches`: what objects look like now, for all who ask. */
import {
  catchError,
  concat,
  defer,
  distinctUntilChanged,
  mergeMap,
  type Observable,
  of,
  ReplaySubject,
  share,
  switchMap,
  timer,
} from "../../../lib/deps/rxjs.ts";
import { type ApiResource, isKubeError, type KubeClient } from "../../../lib/kube/mod.ts";
import { Scope } from "./scope.ts";
import { type Query, sameSight, type Sight } from "./sight.ts";

/** ms before the server is asked once more which kinds it serves, where that failed. */
const RETRY = 5_000;

/**
 * Looks at objects of any kind, in anybody's name. Who looks at the same shares a watch; a watch lives while somebody looks.
 *
 *     kinds:   ---------+CRD-------
 *     foo:     ---------------+foo---foo'--
 *     sight$:  (unserved)-(none)-(foo)-(foo')
 */
export class ObjectWatches {
  readonly #client: KubeClient;
  readonly #kindChanges$: Observable<unknown>;
  readonly #kinds = new Map<string, Observable<ApiResource | undefined>>();
  readonly #scopes = new Map<string, Scope>();
  readonly #clients = new Map<string, KubeClient>();

  /** @param kindChanges$ Emits when the server may serve other kinds than before. */
  constructor(client: KubeClient, kindChanges$: Observable<unknown>) {
    this.#client = client;
    this.#kindChanges$ = kindChanges$;
  }

  /** The client of a user. */
  as(user: string | undefined): KubeClient {
    if (user === undefined) return this.#client;
    const known = this.#clients.get(user) ?? this.#client.as(user);
    this.#clients.set(user, known);
    return known;
  }

  /** What is there now, and at each change. Never ends, never fails. */
  sight$(query: Query): Observable<Sight> {
    const { which } = query;
    return this.#kind$(query).pipe(
      switchMap((resource): Observable<Sight> => {
        if (resource === undefined) return of({ type: "unserved" });
        const scope = this.#scope(query, resource);
        return "name" in which ? scope.named$(which.name) : scope.labelled$(which.labels);
      }),
      distinctUntilChanged(sameSight),
    );
  }

  /** The resource of a kind, asked for again whenever kinds came or went. One question for all who wait. */
  #kind$({ apiVersion, kind }: Query): Observable<ApiResource | undefined> {
    const key = `${apiVersion}/${kind}`;
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    const kind$ = concat(of(undefined), this.#kindChanges$).pipe(
      switchMap(() => this.#lookUp(apiVersion, kind)),
      distinctUntilChanged((a, b) => a === b || JSON.stringify(a) === JSON.stringify(b)),
      share({ connector: () => new ReplaySubject<ApiResource | undefined>(1) }),
    );
    this.#kinds.set(key, kind$);
    return kind$;
  }

  #lookUp(apiVersion: string, kind: string): Observable<ApiResource | undefined> {
    return defer(() => this.#client.discovery.resourceFor(apiVersion, kind)).pipe(
      catchError((error: unknown, again) => {
        if (!isKubeError(error)) throw error;
        return timer(RETRY).pipe(mergeMap(() => again));
      }),
    );
  }

  #scope({ user, namespace }: Query, resource: ApiResource): Scope {
    const within = resource.namespaced ? namespace : "";
    const key = JSON.stringify([user, resource.group, resource.version, resource.plural, within]);
    const scope = this.#scopes.get(key) ?? new Scope(this.as(user), resource, within);
    this.#scopes.set(key, scope);
    return scope;
  }
}
