/** Compares a chart's output with Helm's, document by document. */
import { isDeepStrictEqual } from "node:util";
import { parseYamlDocuments } from "../../lib/yaml/mod.ts";

/** What a comparison found. */
export interface Comparison {
  /** Documents compared, and how many of them have the same bytes. */
  readonly compared: number;
  readonly identical: number;
  /** Documents left out because they differ from run to run. */
  readonly unstable: number;
  /** What is not equal, one line each. */
  readonly differences: readonly Difference[];
}

/** A document that is not what Helm prints. */
export interface Difference {
  readonly document: string;
  readonly ours: string | undefined;
  readonly helms: string | undefined;
}

/** Compares two outputs of `helm template` object by object, in order. */
export function compareOutputs(ours: string, helms: string, unstable: readonly string[]): Comparison {
  const [own, expected] = [documentsOf(ours), documentsOf(helms)];
  const skipped = new Set(unstable);
  const isUnstable = (key: string) => skipped.has("*") || skipped.has(key);
  const keys = new Set([...expected.keys(), ...own.keys()]);
  const compared = [...keys].filter((key) => !isUnstable(key));
  const differences = compared
    .filter((key) => !sameObjects(own.get(key), expected.get(key)))
    .map((document): Difference => ({ document, ours: own.get(document), helms: expected.get(document) }));
  if (differences.length === 0 && !isDeepStrictEqual([...own.keys()], [...expected.keys()])) {
    differences.push({
      document: "(order of documents)",
      ours: [...own.keys()].join("\n"),
      helms: [...expected.keys()].join("\n"),
    });
  }
  return {
    compared: compared.length,
    identical: compared.filter((key) => own.get(key) === expected.get(key)).length,
    unstable: keys.size - compared.length,
    differences,
  };
}

/** Documents by `<# Source path>#<ordinal of the document within that path>`, in order. */
function documentsOf(output: string): Map<string, string> {
  const documents = new Map<string, string>();
  const counts = new Map<string, number>();
  const [, ...parts] = `\n${output}`.split(/\n---\n# Source: /);
  for (const part of parts) {
    const end = part.indexOf("\n");
    const path = end < 0 ? part : part.slice(0, end);
    const ordinal = counts.get(path) ?? 0;
    counts.set(path, ordinal + 1);
    documents.set(`${path}#${ordinal}`, (end < 0 ? "" : part.slice(end + 1)).trimEnd());
  }
  return documents;
}

function sameObjects(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a === b || isDeepStrictEqual(parseYamlDocuments(a), parseYamlDocuments(b));
}
