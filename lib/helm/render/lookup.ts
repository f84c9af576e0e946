import { fromJson, GoMap, int64, type Value } from "../../gotemplate/mod.ts";
import { isTable } from "../chart/mod.ts";

/** An object, or with an empty name a list, that a template asks the cluster for. */
export interface LookupKey {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Ends an execution that needs an answer of the cluster. The engine is synchronous: the answer is fetched and the whole
 * chart rendered once more. Not a template error, so that templates let it pass.
 */
export class LookupSuspension {
  constructor(readonly key: LookupKey) {}
}

/** Answers of the cluster by key. */
export class LookupAnswers {
  readonly #answers = new Map<string, unknown>();
  readonly #keys: LookupKey[] = [];

  /** The keys that were answered, in order. */
  get keys(): readonly LookupKey[] {
    return this.#keys;
  }

  /** Keeps an answer. */
  add(key: LookupKey, answer: unknown): void {
    this.#keys.push(key);
    this.#answers.set(textOf(key), answer);
  }

  /** The answer, a fresh copy: templates may change it. @throws LookupSuspension where it is not known yet. */
  get(key: LookupKey): GoMap {
    const answer = this.#answers.get(textOf(key));
    if (answer === undefined && !this.#answers.has(textOf(key))) throw new LookupSuspension(key);
    const value = fromKubernetes(answer);
    return value instanceof GoMap ? value : new GoMap();
  }
}

function textOf({ apiVersion, kind, namespace, name }: LookupKey): string {
  return JSON.stringify([apiVersion, kind, namespace, name]);
}

/** Objects of the API server have integers where values of a chart have floats. */
function fromKubernetes(value: unknown): Value {
  if (typeof value === "number" && Number.isSafeInteger(value)) return int64(value);
  if (Array.isArray(value)) return value.map(fromKubernetes);
  if (!isTable(value)) return fromJson(value);
  return new GoMap(Object.entries(value).map(([key, item]) => [key, fromKubernetes(item)] as const));
}
