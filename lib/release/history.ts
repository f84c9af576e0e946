/** Release records in Secrets, as Helm's own storage driver keeps them: `helm list`, `history` and `get` read them. */
import { decodeRelease, encodeRelease, type ReleaseRecord, type ReleaseStatus } from "../helm/mod.ts";
import { type ApiResource, type KubeClient, type KubeObject } from "../kube/mod.ts";
import { ReleaseError } from "./errors.ts";

const SECRETS: ApiResource = { group: "", version: "v1", kind: "Secret", plural: "secrets", namespaced: true };

/** The manager of release Secrets; tells a record of ours from one that the `helm` binary is writing. */
const MANAGER = "kco";

/** A record and what its Secret says besides. */
export interface StoredRelease {
  readonly record: ReleaseRecord;
  /** Whether this product wrote it last (else the `helm` binary or somebody else did). */
  readonly ours: boolean;
}

/** The records of one release. */
export class ReleaseHistory {
  constructor(
    private readonly client: KubeClient,
    private readonly namespace: string,
    private readonly name: string,
  ) {}

  /** All revisions, oldest first. */
  async list(signal?: AbortSignal): Promise<StoredRelease[]> {
    const secrets = await this.client.list<KubeObject>(SECRETS, {
      namespace: this.namespace,
      labelSelector: `owner=helm,name=${this.name}`,
      ...(signal ? { signal } : {}),
    });
    const stored = await Promise.all(secrets.items.map((secret) => this.decode(secret)));
    return stored.sort((a, b) => a.record.version - b.record.version);
  }

  /** Writes a new revision. Whoever creates it first holds the release: a second writer gets `Pending`. */
  async create(record: ReleaseRecord): Promise<void> {
    const secret = await this.encode(record, "createdAt");
    try {
      await this.client.create(SECRETS, secret, { fieldManager: MANAGER });
    } catch (error) {
      if ((error as { code?: unknown }).code !== 409) throw error;
      throw new ReleaseError(
        "Pending",
        `Cannot write revision ${record.version} of release "${this.name}": it exists, another operation is under way`,
        { cause: error },
      );
    }
  }

  /** Rewrites a revision, e.g. with its final status. */
  async update(record: ReleaseRecord): Promise<void> {
    const secret = await this.encode(record, "modifiedAt");
    await this.client.patch(SECRETS, secret.metadata.name, this.namespace, "merge", {
      metadata: { labels: secret.metadata.labels },
      data: secret["data"],
    }, { fieldManager: MANAGER });
  }

  /** Removes revisions. */
  async remove(versions: readonly number[]): Promise<void> {
    await Promise.all(versions.map((v) => this.client.delete(SECRETS, secretName(this.name, v), this.namespace)));
  }

  private async encode(record: ReleaseRecord, stamp: "createdAt" | "modifiedAt"): Promise<KubeObject> {
    return {
      apiVersion: "v1",
      kind: "Secret",
      type: "helm.sh/release.v1",
      metadata: {
        name: secretName(record.name, record.version),
        namespace: this.namespace,
        labels: {
          ...record.labels,
          name: record.name,
          owner: "helm",
          status: record.info.status,
          version: String(record.version),
          [stamp]: String(Math.floor(Date.now() / 1000)),
        },
      },
      data: { release: btoa(await encodeRelease(record)) },
    };
  }

  private async decode(secret: KubeObject): Promise<StoredRelease> {
    const data = (secret["data"] as Record<string, string> | undefined)?.["release"];
    const ours = (secret.metadata.managedFields ?? []).some((m) => m.manager === MANAGER);
    try {
      return { record: { ...await decodeRelease(atob(data ?? "")), labels: ownLabels(secret) }, ours };
    } catch (error) {
      throw new ReleaseError(
        "InvalidRecord",
        `Cannot read release Secret "${secret.metadata.name}": ${(error as Error).message}: delete it if the release ` +
          `is to be installed anew`,
        { cause: error },
      );
    }
  }
}

/** Labels that Helm gives to every release Secret. */
const SYSTEM_LABELS = new Set(["name", "owner", "status", "version", "createdAt", "modifiedAt"]);

/** The labels of a record: Helm keeps them on its Secret alone. */
function ownLabels(secret: KubeObject): Record<string, string> {
  return Object.fromEntries(Object.entries(secret.metadata.labels ?? {}).filter(([key]) => !SYSTEM_LABELS.has(key)));
}

function secretName(release: string, version: number): string {
  return `sh.helm.release.v1.${release}.v${version}`;
}

/** Statuses of a revision that took the objects of all revisions before it along. */
const UNINSTALLED: ReadonlySet<ReleaseStatus> = new Set(["uninstalling", "uninstalled"]);

/** The newest revision that was deployed and not uninstalled; what an upgrade compares with. */
export function lastDeployed(history: readonly StoredRelease[]): ReleaseRecord | undefined {
  const since = history.slice(history.findLastIndex(({ record }) => UNINSTALLED.has(record.info.status)) + 1);
  return since.findLast(({ record }) => record.info.status === "deployed")?.record ??
    since.findLast(({ record }) => record.info.status === "superseded")?.record;
}

/** Revisions to remove so that at most `max` stay after one more is written; the last deployed one always stays. */
export function prunedVersions(history: readonly StoredRelease[], max: number): number[] {
  if (max <= 0) return [];
  const surplus = history.length - (max - 1);
  if (surplus <= 0) return [];
  const keep = lastDeployed(history)?.version;
  return history.map(({ record }) => record.version).filter((v) => v !== keep).slice(0, surplus);
}
