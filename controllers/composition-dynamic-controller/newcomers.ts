/** Objects that nobody has given a version label yet: they were just created. */
import {
  asyncScheduler,
  defer,
  EMPTY,
  filter,
  map,
  mergeMap,
  type Observable,
  retry,
  type SchedulerLike,
  share,
  takeUntil,
  timer,
} from "../../lib/deps/rxjs.ts";
import {
  type ApiResource,
  type Change,
  isKubeError,
  keyOf,
  type KubeClient,
  type KubeObject,
  type ObjectMeta,
  parseApiVersion,
} from "../../lib/kube/mod.ts";
import { LABEL } from "./api.ts";

/**
 * Labels each newcomer with the version that it was written at, which `managedFields` tells: the version that a watch
 * happens to be served in says nothing. Emits what it labelled.
 *
 * The write goes through the object's own version, so that nothing another version does not know is pruned.
 *
 *     watch:   --a------b----(b labelled by somebody else)
 *     patch:     ok     ✗ ✗
 *     result:  ---a----------
 *
 * @param onError Called with each failure; the object is tried again after 1 s doubled each time, at most a minute, until
 * it changes or is gone.
 * @param marksOf What else a newcomer of the watched version gets in the same write: one request instead of two.
 * @param scheduler Time, for marble tests.
 */
export function labelNewcomers(
  client: Pick<KubeClient, "watch" | "patch">,
  resource: ApiResource,
  onError: (error: unknown, object: KubeObject) => void,
  marksOf: (object: KubeObject) => Partial<ObjectMeta> = () => ({}),
  scheduler: SchedulerLike = asyncScheduler,
): Observable<KubeObject> {
  const changes$ = client.watch<KubeObject>(resource, {
    labelSelector: `!${LABEL.version}`,
    metadataOnly: true,
    transform: (object) => object,
  }).pipe(share());
  const again = (object: KubeObject) => (error: unknown, count: number) => {
    // After a conflict the watch brings the newer state.
    if (isKubeError(error, "NotFound", "Conflict")) return EMPTY;
    onError(error, object);
    return timer(Math.min(1_000 * 2 ** (count - 1), 60_000), scheduler);
  };
  return changes$.pipe(
    map((change) => change.type === "applied" ? change.object : undefined),
    filter((object) => object !== undefined),
    mergeMap((object) =>
      defer(() => label(client, resource, object, marksOf)).pipe(
        retry({ delay: again(object) }),
        takeUntil(changes$.pipe(filter((change) => isAbout(change, object)))),
      )
    ),
  );
}

function isAbout(change: Change, object: KubeObject): boolean {
  return (change.type === "applied" || change.type === "deleted") && keyOf(change.object) === keyOf(object);
}

async function label(
  client: Pick<KubeClient, "patch">,
  resource: ApiResource,
  object: KubeObject,
  marksOf: (object: KubeObject) => Partial<ObjectMeta>,
): Promise<KubeObject> {
  const version = versionWritten(object) ?? resource.version;
  const own = { ...resource, version };
  const { name, namespace, uid } = object.metadata;
  const { labels, ...marks } = version === resource.version ? marksOf(object) : {};
  const metadata = { uid, labels: { ...labels, [LABEL.version]: version }, ...marks };
  return await client.patch(own, name, namespace, "merge", { metadata });
}

/** The version of the first write of the spec, by `managedFields`. */
function versionWritten(object: KubeObject): string | undefined {
  const entries = (object.metadata.managedFields ?? []).filter((m) => m.fieldsV1 && "f:spec" in m.fieldsV1);
  const first = entries[0] ?? object.metadata.managedFields?.[0];
  return first?.apiVersion === undefined ? undefined : parseApiVersion(first.apiVersion).version;
}
