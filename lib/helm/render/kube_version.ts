/** Kubernetes versions as a command line or a cluster names them. */

/** A version in Helm's forms of it. */
export interface KubeVersion {
  /** The whole text, with a `v` in front. */
  readonly full: string;
  /** Its numbers, without what a vendor adds (`v1.33.4-gke.1` is `v1.33.4`): what version ranges are held against. */
  readonly normalized: string;
  readonly major: string;
  readonly minor: string;
}

/** A text that is no version: the message is Kubernetes'. */
export class KubeVersionError extends Error {
  override readonly name = "KubeVersionError";
  readonly reason = "NoVersion";
}

const LARGEST = 2n ** 64n - 1n;

/**
 * Reads a version: two numbers at least, and whatever follows them on the line.
 *
 * @throws KubeVersionError
 */
export function parseKubeVersion(text: string): KubeVersion {
  const quoted = JSON.stringify(text);
  const numbers = /^\s*v?(\d+(?:\.\d+)*)[^\n]*$/.exec(text)?.[1];
  if (numbers === undefined) throw new KubeVersionError(`could not parse ${quoted} as version`);
  const parts = numbers.split(".");
  if (parts.length < 2) throw new KubeVersionError(`illegal version string ${quoted}`);
  if (/^0./.test(numbers) && parts[0] !== "0") {
    throw new KubeVersionError(`illegal zero-prefixed version component "${parts[0]}" in ${quoted}`);
  }
  const components = parts.map((part) => component(part, quoted));
  const [major = "", minor = ""] = components;
  return { full: text.startsWith("v") ? text : `v${text}`, normalized: `v${components.join(".")}`, major, minor };
}

function component(digits: string, quoted: string): string {
  const value = BigInt(digits);
  if (value <= LARGEST) return String(value);
  throw new KubeVersionError(
    `illegal non-numeric version component "${digits}" in ${quoted}: ` +
      `strconv.ParseUint: parsing "${digits}": value out of range`,
  );
}

/** The same for a version that somebody else checked: what cannot be read stays as it is. */
export function kubeVersionOf(text: string): KubeVersion {
  try {
    return parseKubeVersion(text);
  } catch (error) {
    if (error instanceof KubeVersionError) return { full: text, normalized: text, major: "", minor: "" };
    throw error;
  }
}
