/** Positions in a ConfigMap: they survive the node, and reach the next leader. */
import { type ApiResource, isKubeError, type KubeClient, type KubeObject } from "../../lib/kube/mod.ts";
import type { Checkpoint, Positions } from "./checkpoint.ts";

const CONFIG_MAPS: ApiResource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};
const KEY = "positions";

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

/**
 * Keeps positions in a ConfigMap. Whoever wrote last while this process was away wins: a leader that was deposed gets a `Conflict`
 * and so cannot take the next one's positions back.
 */
export class ConfigMapCheckpoint implements Checkpoint {
  readonly #client: KubeClient;
  readonly #name: string;
  readonly #namespace: string;
  #resourceVersion: string | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(client: KubeClient, name: string, namespace: string) {
    this.#client = client;
    this.#name = name;
    this.#namespace = namespace;
  }

  async load(): Promise<Positions> {
    const found = await this.#client.find<ConfigMap>(CONFIG_MAPS, this.#name, this.#namespace);
    this.#resourceVersion = found?.metadata.resourceVersion;
    const text = found?.data?.[KEY];
    // The seam where bytes become types: nobody else has a reason to write it.
    return text === undefined ? {} : JSON.parse(text) as Positions;
  }

  /** @throws {KubeError} `Conflict` when somebody else wrote it. */
  save(positions: Positions): Promise<void> {
    // One write at a time: the second of two would conflict with the first.
    const saved = this.#saving.then(() => this.#save(positions));
    this.#saving = saved.catch(() => {});
    return saved;
  }

  async #save(positions: Positions): Promise<void> {
    const metadata = {
      name: this.#name,
      namespace: this.#namespace,
      ...(this.#resourceVersion !== undefined && { resourceVersion: this.#resourceVersion }),
    };
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { [KEY]: JSON.stringify(positions) } };
    const written = await this.#write(object);
    this.#resourceVersion = written.metadata.resourceVersion;
  }

  close(): void {}

  async #write(object: ConfigMap): Promise<ConfigMap> {
    if (this.#resourceVersion === undefined) return await this.#client.create<ConfigMap>(CONFIG_MAPS, object);
    try {
      return await this.#client.replace<ConfigMap>(CONFIG_MAPS, object);
    } catch (error) {
      if (!isKubeError(error, "NotFound")) throw error;
      // Somebody deleted it: what is known here is as good as what it held.
      const { resourceVersion: _gone, ...metadata } = object.metadata;
      return await this.#client.create<ConfigMap>(CONFIG_MAPS, { ...object, metadata });
    }
  }
}
