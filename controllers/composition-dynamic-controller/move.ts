/** Moving a composition from one version of its kind to another. */
import { type ApiResource, apiVersionOf, isKubeError, type KubeClient } from "../../lib/kube/mod.ts";
import { type Composition, LABEL } from "./api.ts";
import { ownersAt } from "./owners.ts";

/**
 * Gives the object the label of another version, after a trial: the API server must accept its spec at that version as
 * a new object, with no field unknown to it. From then on it is read and written at the other version only.
 *
 * Its owners move along. As long as `managedFields` names a version whose schema does not know a field that the object
 * has by now, Kubernetes fails every server-side apply ("failed to convert merged object") and drops all ownership at
 * any other write. That is why the move itself is written at the other version: it leaves an owner there, too.
 *
 * @returns `undefined` when it moved, else why it stays where it is.
 */
export async function moveTo(
  client: KubeClient,
  from: ApiResource,
  composition: Composition,
  version: string,
): Promise<string | undefined> {
  const to = { ...from, version };
  try {
    await client.create(to, trial(composition, to), { dryRun: true, fieldValidation: "Strict" });
  } catch (error) {
    if (!isKubeError(error, "Invalid", "BadRequest", "NotFound")) throw error;
    return `Stays at ${from.version}: it does not fit ${version}: ${error.message}: correct its spec, or point the ` +
      `definition back`;
  }
  const { name, namespace, resourceVersion } = composition.metadata;
  // What is watched comes without its owners. Should the object have changed meanwhile, the resourceVersion tells.
  const { managedFields = [] } = (await client.get(from, name, namespace)).metadata;
  await client.patch(to, name, namespace, "merge", {
    metadata: {
      resourceVersion,
      labels: { [LABEL.version]: version },
      managedFields: ownersAt(apiVersionOf(to), managedFields),
    },
  });
  return undefined;
}

/** The object as somebody would create it at the other version, under a name that is free. */
function trial(composition: Composition, to: ApiResource): Composition {
  const { name, namespace } = composition.metadata;
  return {
    apiVersion: apiVersionOf(to),
    kind: composition.kind,
    metadata: {
      name: "",
      generateName: `${name.slice(0, 36)}-`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { [LABEL.version]: to.version, [LABEL.releaseName]: "trial" },
    },
    ...(composition.spec === undefined ? {} : { spec: composition.spec }),
  };
}
