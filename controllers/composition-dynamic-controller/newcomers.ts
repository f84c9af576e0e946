/** Objects that nobody has given a version label yet: they were just created. */
import { catchError, EMPTY, filter, from, map, mergeMap, type Observable } from "../../lib/deps/rxjs.ts";
import { type ApiResource, type KubeClient, type KubeObject, parseApiVersion } from "../../lib/kube/mod.ts";
import { LABEL } from "./api.ts";

/**
 * Labels each newcomer with the version that it was written at, which `managedFields` tells: the version that a watch
 * happens to be served in says nothing. Emits what it labelled.
 *
 * The write goes through the object's own version, so that nothing another version does not know is pruned.
 *
 * @param onError Called with failures; the object is tried again at its next change or relist.
 */
export function labelNewcomers(
  client: KubeClient,
  resource: ApiResource,
  onError: (error: unknown, object: KubeObject) => void,
): Observable<KubeObject> {
  return client.watch<KubeObject>(resource, {
    labelSelector: `!${LABEL.version}`,
    metadataOnly: true,
    transform: (object) => object,
  }).pipe(
    map((change) => change.type === "applied" ? change.object : undefined),
    filter((object) => object !== undefined),
    mergeMap((object) =>
      from(label(client, resource, object)).pipe(
        catchError((error) => {
          onError(error, object);
          return EMPTY;
        }),
      )
    ),
  );
}

async function label(client: KubeClient, resource: ApiResource, object: KubeObject): Promise<KubeObject> {
  const version = versionWritten(object) ?? resource.version;
  const own = { ...resource, version };
  const { name, namespace, uid } = object.metadata;
  return await client.patch(own, name, namespace, "merge", { metadata: { uid, labels: { [LABEL.version]: version } } });
}

/** The version of the first write of the spec, by `managedFields`. */
function versionWritten(object: KubeObject): string | undefined {
  const entries = (object.metadata.managedFields ?? []).filter((m) => m.fieldsV1 && "f:spec" in m.fieldsV1);
  const first = entries[0] ?? object.metadata.managedFields?.[0];
  return first?.apiVersion === undefined ? undefined : parseApiVersion(first.apiVersion).version;
}
