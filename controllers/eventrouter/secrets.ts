/** Secrets that sinks are opened with: each is watched while somebody needs it, and nobody reads it twice. */
import { Subject, type Subscription } from "../../lib/deps/rxjs.ts";
import { type ApiResource, isKubeError, type KubeClient, type KubeObject, objectKey } from "../../lib/kube/mod.ts";
import { type SecretRef, SinkError } from "../../sinks/mod.ts";

const SECRETS: ApiResource = { group: "", version: "v1", kind: "Secret", plural: "secrets", namespaced: true };

interface Secret extends KubeObject {
  /** Base64. */
  data?: Record<string, string>;
}

interface Watched {
  readonly subscription: Subscription;
  /** Resolves when the server has said what there is, rejects when it refuses to. */
  readonly known: Promise<void>;
  secret: Secret | undefined;
}

/** ms that a Secret may take to be read. */
const PATIENCE = 15_000;

/** The Secrets of one Registration. */
export class Secrets {
  readonly #client: KubeClient;
  readonly #namespace: string;
  readonly #watched = new Map<string, Watched>();
  /** Emits when a Secret that was read changes, comes or goes. */
  readonly changes$ = new Subject<void>();

  /** @param namespace Of references that name none. */
  constructor(client: KubeClient, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
  }

  /**
   * The text of a Secret's key.
   *
   * @throws {SinkError} `Misconfigured` where there is none or it may not be read, `Unavailable` where the API server does not answer.
   */
  async read(ref: SecretRef): Promise<string> {
    const namespace = ref.namespace ?? this.#namespace;
    const what = `read key "${ref.key}" of Secret "${objectKey(ref.name, namespace)}"`;
    const watched = this.#watch(ref.name, namespace, what);
    await watched.known;
    if (watched.secret === undefined) {
      throw new SinkError("Misconfigured", `Cannot ${what}: there is no such Secret: create it`);
    }
    const encoded = watched.secret.data?.[ref.key];
    if (encoded === undefined) {
      const keys = Object.keys(watched.secret.data ?? {}).map((key) => `"${key}"`).join(", ") || "none";
      throw new SinkError("Misconfigured", `Cannot ${what}: it has no such key, its keys are: ${keys}`);
    }
    return new TextDecoder().decode(Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0)));
  }

  close(): void {
    for (const { subscription } of this.#watched.values()) subscription.unsubscribe();
    this.#watched.clear();
    this.changes$.complete();
  }

  #watch(name: string, namespace: string, what: string): Watched {
    const key = objectKey(name, namespace);
    const before = this.#watched.get(key);
    if (before !== undefined) return before;
    const { promise: known, resolve, reject } = Promise.withResolvers<void>();
    // Whoever reads meets the rejection; without a reader it is nobody's.
    known.catch(() => {});
    const refuse = (reason: "Misconfigured" | "Unavailable", why: string) => {
      this.#forget(key);
      reject(new SinkError(reason, `Cannot ${what}: ${why}`));
    };
    const timer = setTimeout(() => refuse("Unavailable", "the API server does not answer"), PATIENCE);
    let listed: Secret | undefined;
    let listing = true;
    const subscription = this.#client.watch<Secret>(SECRETS, {
      namespace,
      fieldSelector: `metadata.name=${name}`,
      onHealth: ({ error }) => {
        if (isKubeError(error, "Forbidden")) refuse("Misconfigured", error.message);
      },
    }).subscribe((change) => {
      if (change.type === "reset") listing = true, listed = undefined;
      else if (change.type === "synced") {
        clearTimeout(timer);
        listing = false;
        this.#set(key, listed);
        resolve();
      } else {
        const secret = change.type === "applied" ? change.object : undefined;
        if (listing) listed = secret;
        else this.#set(key, secret);
      }
    });
    subscription.add(() => clearTimeout(timer));
    const watched = { subscription, known, secret: undefined };
    this.#watched.set(key, watched);
    return watched;
  }

  #set(key: string, secret: Secret | undefined): void {
    const watched = this.#watched.get(key);
    if (watched === undefined) return;
    const before = watched.secret;
    watched.secret = secret;
    if (JSON.stringify(before?.data) !== JSON.stringify(secret?.data)) this.changes$.next();
  }

  #forget(key: string): void {
    this.#watched.get(key)?.subscription.unsubscribe();
    this.#watched.delete(key);
  }
}
