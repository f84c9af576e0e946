/** One object's metadata, without the rest of it. */
import {
  type ApiResource,
  fromStatus,
  fromText,
  fromThrown,
  isFailureStatus,
  type KubeClient,
  KubeError,
  type KubeObject,
  resourceName,
  resourcePath,
} from "../../lib/kube/mod.ts";

const METADATA_ONLY = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

/**
 * Reads `PartialObjectMetadata` of an object, once.
 *
 * @param timeout ms for the whole call.
 * @throws {KubeError}
 */
export async function getMetadata(
  { transport }: KubeClient,
  resource: ApiResource,
  name: string,
  namespace: string | undefined,
  timeout: number,
): Promise<KubeObject> {
  const what = `get metadata of ${resourceName(resource)} "${name}"${namespace ? ` in namespace "${namespace}"` : ""}`;
  const call = new AbortController();
  const timer = setTimeout(() => call.abort(new DOMException("deadline", "TimeoutError")), timeout);
  const path = resourcePath(resource, namespace, name);
  const request = { method: "GET", path, accept: METADATA_ONLY, abortSignal: call.signal } as const;
  try {
    if (transport.request === undefined) {
      return parsed(what, new TextDecoder().decode(await transport.performRequest(request)), 200);
    }
    const response = await transport.request(request);
    return parsed(what, await new Response(response.body).text(), response.status);
  } catch (error) {
    throw fromThrown(what, error, call.signal);
  } finally {
    clearTimeout(timer);
  }
}

function parsed(what: string, text: string, status: number): KubeObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fromText(what, status, text);
  }
  if (isFailureStatus(value)) throw fromStatus(what, value, status);
  if (status >= 400) throw fromText(what, status, text);
  if (!hasMetadata(value)) throw new KubeError(`Cannot ${what}: the answer is no object`, { reason: "Malformed" });
  return value;
}

function hasMetadata(value: unknown): value is KubeObject {
  return typeof value === "object" && value !== null && "metadata" in value && typeof value.metadata === "object" &&
    value.metadata !== null;
}
