/** Discovery: `/version`, `/api`, `/apis`, health and OpenAPI, live for kinds that come and go. */
import { apiVersionOf, type Registry } from "../registry.ts";
import type { Answer, Exchange } from "../rest/exchange.ts";
import { jsonAnswer, textAnswer } from "../rest/exchange.ts";
import { mediaRanges } from "../rest/negotiate.ts";
import { OpenApi } from "./openapi.ts";
import { aggregatedResource, apiResources, type GroupVersion, groupVersions } from "./resources.ts";

/** The Kubernetes version whose API this server follows. */
export const SERVER_VERSION = {
  major: "1",
  minor: "35",
  gitVersion: "v1.35.4",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "",
  compiler: "",
  platform: "linux/amd64",
} as const;

/** Answers all paths that are not about objects. Answers are kept until the set of kinds changes. */
export class Discovery {
  readonly #registry: Registry;
  readonly #openApi: OpenApi;
  #generation = -1;
  #groups: GroupVersion[] = [];
  #answers = new Map<string, Answer>();

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#openApi = new OpenApi(registry);
  }

  /** The answer for a path, `undefined` where there is none. */
  answer(exchange: Exchange): Answer | undefined {
    const path = exchange.path.length > 1 ? exchange.path.replace(/\/$/, "") : exchange.path;
    this.#refresh();
    const aggregated = path === "/api" || path === "/apis" ? aggregatedVersion(exchange.header("accept")) : undefined;
    if (path === "/openapi/v2") return emptyOpenApiV2(exchange.header("accept"));
    const key = `${path} ${aggregated ?? ""}`;
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = this.#build(path, aggregated);
      if (answer !== undefined) this.#answers.set(key, answer);
    }
    return answer;
  }

  #refresh(): void {
    if (this.#generation === this.#registry.generation) return;
    this.#generation = this.#registry.generation;
    this.#groups = groupVersions(this.#registry);
    this.#answers = new Map();
  }

  #build(path: string, aggregated: string | undefined): Answer | undefined {
    switch (path) {
      case "/version":
        return jsonAnswer(SERVER_VERSION);
      case "/healthz":
      case "/livez":
      case "/readyz":
        return textAnswer("ok");
      case "/api":
        return aggregated === undefined ? jsonAnswer(CORE_VERSIONS) : this.#aggregated(aggregated, true);
      case "/apis":
        return aggregated === undefined ? jsonAnswer(this.#groupList()) : this.#aggregated(aggregated, false);
      case "/":
        return jsonAnswer({ paths: this.#paths() });
    }
    if (path.startsWith("/openapi/v3")) return this.#openApi.answer(path, this.#groups);
    return this.#groupOrVersion(path);
  }

  #groupOrVersion(path: string): Answer | undefined {
    const [root, first, second, ...rest] = path.split("/").slice(1);
    if (rest.length > 0 || first === undefined) return undefined;
    if (root === "apis" && second === undefined) {
      const versions = this.#groups.filter((entry) => entry.group === first);
      return versions.length === 0
        ? undefined
        : jsonAnswer({ kind: "APIGroup", apiVersion: "v1", ...apiGroup(first, versions) });
    }
    const [group, version] = root === "apis" ? [first, second] : ["", first];
    const found = this.#groups.find((entry) => entry.group === group && entry.version === version);
    if (found === undefined || (root !== "apis" && root !== "api")) return undefined;
    return jsonAnswer({
      kind: "APIResourceList",
      apiVersion: "v1",
      groupVersion: apiVersionOf(found.group, found.version),
      resources: found.resources.flatMap(apiResources),
    });
  }

  #byGroup(): Map<string, GroupVersion[]> {
    return Map.groupBy(this.#groups.filter((entry) => entry.group !== ""), (entry) => entry.group);
  }

  #groupList(): object {
    const groups = [...this.#byGroup()].map(([group, versions]) => apiGroup(group, versions));
    return { kind: "APIGroupList", apiVersion: "v1", groups };
  }

  #aggregated(version: string, core: boolean): Answer {
    const groups = core ? [["", this.#groups.filter((entry) => entry.group === "")] as const] : [...this.#byGroup()];
    const body = {
      kind: "APIGroupDiscoveryList",
      apiVersion: `apidiscovery.k8s.io/${version}`,
      metadata: {},
      items: groups.map(([group, versions]) => ({
        metadata: group === "" ? { creationTimestamp: null } : { name: group, creationTimestamp: null },
        versions: versions.map((entry) => ({
          version: entry.version,
          resources: entry.resources.map(aggregatedResource),
          freshness: "Current",
        })),
      })),
    };
    return jsonAnswer(body, 200, `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`);
  }

  #paths(): string[] {
    const versions = this.#groups.filter((entry) => entry.group !== "");
    return [
      "/api",
      "/api/v1",
      "/apis",
      ...versions.flatMap(({ group, version }) => [`/apis/${group}`, `/apis/${group}/${version}`]),
      "/healthz",
      "/livez",
      "/openapi/v3",
      "/readyz",
      "/version",
    ].filter((path, index, all) => all.indexOf(path) === index);
  }
}

const CORE_VERSIONS = { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };

function apiGroup(group: string, versions: readonly GroupVersion[]): object {
  const named = versions.map(({ version }) => ({ groupVersion: apiVersionOf(group, version), version }));
  return { name: group, versions: named, preferredVersion: named[0] };
}

/** `v2` or `v2beta1` where the client prefers aggregated discovery to the plain lists. */
function aggregatedVersion(accept: string | undefined): string | undefined {
  for (const { type, parameters } of mediaRanges(accept)) {
    if (type !== "application/json") continue;
    if (parameters.as === undefined) return undefined;
    if (parameters.as !== "APIGroupDiscoveryList" || parameters.g !== "apidiscovery.k8s.io") continue;
    if (parameters.v === "v2" || parameters.v === "v2beta1") return parameters.v;
  }
  return undefined;
}

const OPENAPI_V2 = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
/** The answer's type: `@` is no character of a media type, so the real server writes it otherwise as well. */
const OPENAPI_V2_ANSWER = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/**
 * OpenAPI v2 without a single definition, in the protobuf form that kubectl asks for.
 *
 * kubectl looks at v2 for the kind `List` alone, which v3 does not describe, and skips what it does not find; the items are
 * validated by the server. Whoever wants JSON gets 404, and goes on with v3.
 */
function emptyOpenApiV2(accept: string | undefined): Answer | undefined {
  if (!mediaRanges(accept).some(({ type }) => type === OPENAPI_V2)) return undefined;
  const encoder = new TextEncoder();
  const field = (number: number, content: Uint8Array) => [number << 3 | 2, content.length, ...content];
  const info = Uint8Array.from([...field(1, encoder.encode("Kubernetes")), ...field(2, encoder.encode("v1.35.4"))]);
  const body = Uint8Array.from([...field(1, encoder.encode("2.0")), ...field(2, info)]);
  return { status: 200, headers: { "content-type": OPENAPI_V2_ANSWER }, body };
}
