/** Certificates and keys, given inline or by file. */
import { KubeError } from "./errors.ts";

/** Bytes that a kubeconfig gives either inline or by file. Paths are absolute. */
export type Material = { readonly data: string } | { readonly file: string };

/** A client certificate. PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** The text of material, from its file where it has one. Rejects with a `KubeError` of reason `Credentials`. */
export async function readMaterial(material: Material): Promise<string> {
  if ("data" in material) return material.data;
  try {
    return await Deno.readTextFile(material.file);
  } catch (cause) {
    throw new KubeError(`Cannot read "${material.file}", which the configuration names: ${cause}`, {
      reason: "Credentials",
      cause,
    });
  }
}
