/** A release's manifest: the text that `helm get manifest` prints and that deletion relies on. */
import type { KubeObject } from "../kube/mod.ts";
import type { ManifestDocument } from "../helm/mod.ts";
import { emitYaml, parseYamlDocuments } from "../yaml/mod.ts";

/** Documents with labels added to each object, as a post-renderer of Helm would. */
export function labelled(
  documents: readonly ManifestDocument[],
  labels: Readonly<Record<string, string>>,
): { source: string; object: KubeObject }[] {
  return documents.map(({ source, object }) => {
    const metadata = object["metadata"] as KubeObject["metadata"];
    const merged = { ...metadata, labels: { ...metadata.labels, ...labels } };
    return { source, object: { ...object, metadata: merged } as KubeObject };
  });
}

/** The manifest text of documents, in their order. */
export function manifestText(documents: readonly { source: string; object: KubeObject }[]): string {
  return documents.map(({ source, object }) => `---\n# Source: ${source}\n${emitYaml(object)}`).join("");
}

/** The objects of a stored manifest, in its order. */
export function manifestObjects(manifest: string): KubeObject[] {
  return parseYamlDocuments(manifest).filter((d): d is KubeObject => d !== null && typeof d === "object");
}

/**
 * The digest of a manifest in `status.digest`: 64-bit FNV-1, hexadecimal without padding, as the original computes it;
 * empty for a blank manifest.
 */
export function manifestDigest(manifest: string): string {
  if (manifest.trim() === "") return "";
  // 64-bit arithmetic in two halves of 32 bits: BigInt is fifty times slower on a 1 MB manifest.
  let high = 0xcbf29ce4, low = 0x84222325;
  for (const byte of new TextEncoder().encode(manifest)) {
    // times the prime 0x100000001b3 = 2^40 + 0x1b3
    const product = low * 0x1b3;
    const carry = Math.floor(product / 0x100000000);
    high = (Math.imul(high, 0x1b3) + carry + (low << 8)) >>> 0;
    low = ((product >>> 0) ^ byte) >>> 0;
  }
  const text = high.toString(16) + low.toString(16).padStart(8, "0");
  return text.replace(/^0+(?=.)/, "");
}
