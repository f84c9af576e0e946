/** Secrets that objects refer to: read when needed, watched without their contents. */
import { type TObject, type TOptional, type TString, Type } from "../../deps/typebox.ts";
import type { Observable } from "../../deps/rxjs.ts";
import {
  type ApiResource,
  isKubeError,
  type KubeClient,
  type KubeObject,
  type ObjectKey,
  objectKey,
  type Store,
} from "../../kube/mod.ts";
import { relatedKeys } from "../owner_keys.ts";
import { ProviderError } from "../provider_error.ts";
import type { Trigger } from "../types.ts";
import type { SecretRef } from "./types.ts";

export const SECRETS: ApiResource = { group: "", version: "v1", kind: "Secret", plural: "secrets", namespaced: true };

/** The schema of a {@linkcode SecretRef}, for the `spec` of a kind. */
export const secretRef: TObject<{
  name: TString;
  namespace: TOptional<TString>;
  key: TString;
}> = Type.Object({
  name: Type.String({ minLength: 1, description: "Name of the Secret" }),
  namespace: Type.Optional(Type.String({ description: "Its namespace; default: that of this object" })),
  key: Type.String({ minLength: 1, description: "Key within the Secret" }),
}, { description: "A key of a Secret" });

/** Name of the index that finds objects by the Secrets that they refer to. */
export const BY_SECRET = "secret";

interface Secret extends KubeObject {
  /** Base64. */
  data?: Record<string, string>;
}

/** The key of the Secret behind a reference. */
export function secretKey(ref: SecretRef, owner: KubeObject): ObjectKey {
  return objectKey(ref.name, ref.namespace ?? owner.metadata.namespace);
}

/**
 * Triggers the objects that refer to a Secret which came, changed or went.
 *
 *     secrets: --(s)-------(s')----
 *     result:  --(a b)-----(a b)---      where a and b refer to s
 *
 * Those that are there at the start count too: they may have come since the objects were looked at.
 *
 * @param secrets Metadata suffices.
 * @param owners Indexed by {@linkcode BY_SECRET}.
 */
export function secretTriggers(secrets: Store, owners: Store): Observable<Trigger> {
  return secrets.changes$.pipe(
    relatedKeys((secret) => {
      const { name, namespace } = secret.metadata;
      return owners.byIndex(BY_SECRET, objectKey(name, namespace)).map(({ metadata }) =>
        objectKey(metadata.name, metadata.namespace)
      );
    }),
  );
}

/**
 * Reads the text of a Secret's key.
 *
 * @throws {ProviderError} `Terminal`: there is no such Secret or no such key, or this process may not read it.
 */
export async function readSecret(
  client: KubeClient,
  ref: SecretRef,
  owner: KubeObject,
  signal: AbortSignal,
): Promise<string> {
  const namespace = ref.namespace ?? owner.metadata.namespace;
  const what = `read key "${ref.key}" of Secret "${secretKey(ref, owner)}"`;
  const secret = await findSecret(client, ref.name, namespace, what, signal);
  if (secret === undefined) throw new ProviderError("Terminal", `Cannot ${what}: there is no such Secret: create it`);
  const encoded = secret.data?.[ref.key];
  if (encoded === undefined) {
    const keys = Object.keys(secret.data ?? {}).map((key) => `"${key}"`).join(", ") || "none";
    throw new ProviderError("Terminal", `Cannot ${what}: it has no such key, its keys are: ${keys}`);
  }
  const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes).trim();
}

async function findSecret(
  client: KubeClient,
  name: string,
  namespace: string | undefined,
  what: string,
  signal: AbortSignal,
): Promise<Secret | undefined> {
  try {
    return await client.find<Secret>(SECRETS, name, namespace, { signal });
  } catch (error) {
    if (!isKubeError(error, "Forbidden")) throw error;
    throw new ProviderError("Terminal", `Cannot ${what}: ${error.message}`, { cause: error });
  }
}
