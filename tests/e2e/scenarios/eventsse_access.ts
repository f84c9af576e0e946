/**
 * eventsse on a cluster with RBAC, as the ServiceAccount and with the roles of `deploy/eventsse`: who may read what, and for how long.
 *
 * Real server only: the embedded one knows neither tokens nor rights.
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { ask, post, sampleEvent, StreamReader } from "../../../controllers/eventsse/server_testing.ts";
import { type EventSse, startEventSse, watchCatalogue } from "../../../controllers/eventsse/mod.ts";
import { type ApiResource, connect, type KubeClient, type KubeObject } from "../../../lib/kube/mod.ts";
import { until } from "../../support/until.ts";
import { serve, tinyChart } from "../support/charts.ts";
import { type Bench, NAMESPACES, PATIENCE, scenario, SECRETS, withBench } from "../support/cluster.ts";
import { applyAll, deployManifests } from "../support/manifests.ts";
import { EVENTSSE, kubeconfigWith, tokenOf } from "../support/service_account.ts";

const RBAC = "rbac.authorization.k8s.io";
const OTHER = "e2e-sse-access-other";
const ROLE_BINDINGS: ApiResource = {
  group: RBAC,
  version: "v1",
  kind: "RoleBinding",
  plural: "rolebindings",
  namespaced: true,
};
const SERVICE_ACCOUNTS: ApiResource = {
  group: "",
  version: "v1",
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  namespaced: true,
};

/** A server whose answers are believed for a moment alone, and whose clock a test sets. */
interface Served extends AsyncDisposable {
  readonly url: string;
  readonly client: KubeClient;
  /** ms by which its clock is ahead. */
  ahead: number;
}

async function serveEvents(bench: Bench): Promise<Served> {
  await applyAll(
    bench.client,
    (await deployManifests("eventsse/")).filter(({ kind }) => /Role|Account|Secret/.test(kind)),
  );
  const client = await clientAs(await tokenOf(bench.client, EVENTSSE));
  const failures: unknown[] = [];
  const catalogue = watchCatalogue(client, (error) => failures.push(error));
  const now = () => Date.now() + served.ahead;
  // As `kco eventsse --access kubernetes --compositions` does it.
  const locate = (id: string) => catalogue.locate(id);
  const server: EventSse = await startEventSse({
    port: 0,
    catalogue,
    access: { type: "kubernetes", client, locate, believed: 300, recheck: 500, now },
  });
  const served: Served = {
    url: server.url,
    client,
    ahead: 0,
    [Symbol.asyncDispose]: async () => {
      await server.close();
      catalogue.close();
      client.close();
      deepEqual(failures, []);
    },
  };
  return served;
}

async function clientAs(token: string): Promise<KubeClient> {
  const kubeconfig = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(kubeconfig, await kubeconfigWith(token, Deno.env.get("KCO_TEST_KUBECONFIG")!));
    return await connect({ kubeconfig });
  } finally {
    await Deno.remove(kubeconfig);
  }
}

/** A ServiceAccount of the bench's namespace, bound to a role in a namespace or, without one, everywhere; its token. */
async function user(bench: Bench, name: string, role?: string, namespace?: string, kind = "ClusterRole") {
  await bench.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name } });
  if (role !== undefined) {
    await bench.apply({
      apiVersion: `${RBAC}/v1`,
      kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
      metadata: { name: `${bench.namespace}-${name}` },
      roleRef: { apiGroup: RBAC, kind, name: role },
      subjects: [{ kind: "ServiceAccount", name, namespace: bench.namespace }],
    }, namespace);
  }
  return await tokenOf(bench.client, { namespace: bench.namespace, name });
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** The uids that somebody is shown, the oldest first; the status where they are refused. */
async function reads(server: Served, token: string | undefined, query = ""): Promise<string[] | number> {
  const headers = token === undefined ? {} : bearer(token);
  const { status, text } = await ask(`${server.url}/events${query}`, { headers });
  if (status !== 200) return status;
  return (JSON.parse(text) as KubeObject[]).map(({ metadata }) => metadata.uid ?? "").reverse();
}

/** The token that the control plane puts into the publisher's Secret. */
async function publisher(bench: Bench): Promise<string> {
  let token = "";
  await until(
    async () => {
      const secret = await bench.client.find<KubeObject>(SECRETS, "kco-eventsse-publisher", EVENTSSE.namespace);
      token = atob((secret?.["data"] as { token?: string } | undefined)?.token ?? "");
      return token !== "";
    },
    "the publisher's Secret has a token",
    PATIENCE,
  );
  return token;
}

/** An Event about an object of a namespace. */
function eventIn(namespace: string, uid: string, composition = ""): object {
  const involvedObject = { kind: "Service", namespace, name: "web", apiVersion: "v1" };
  return sampleEvent(uid, composition, { involvedObject });
}

async function publish(server: Served, token: string, ...events: object[]): Promise<number> {
  return (await post(`${server.url}/handle`, events, bearer(token))).status;
}

if (Deno.env.get("KCO_TEST_TARGET") === "real") {
  scenario(
    "a user is shown the events of the namespaces that RBAC lets them read, and who may nothing gets 403",
    async () => {
      await withBench("sse-access", async (bench) => {
        await using server = await serveEvents(bench);
        await bench.client.apply(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata: { name: OTHER } });
        // The cluster's own role, to which deploy/eventsse adds the events.
        const here = await user(bench, "here", "view", bench.namespace);
        const everywhere = await user(bench, "everywhere", "view");
        const nobody = await user(bench, "nobody");
        const [mine, other] = [`?namespace=${bench.namespace}`, `?namespace=${OTHER}`];

        const events = [eventIn(bench.namespace, "mine"), eventIn(OTHER, "other")];
        for (const token of [here, everywhere, nobody]) equal(await publish(server, token, ...events), 403);
        await using stream = await StreamReader.open(`${server.url}/notifications${mine}`, bearer(here));
        equal(await publish(server, await publisher(bench), ...events, eventIn(bench.namespace, "last")), 200);
        await stream.count(2);
        deepEqual(stream.events.map(({ data }) => JSON.parse(data).metadata.uid), ["mine", "last"]);

        // The role `view` is a sum that the control plane makes.
        await until(async () => Array.isArray(await reads(server, everywhere)), "view lets read events", PATIENCE);
        deepEqual(await reads(server, everywhere), ["mine", "other", "last"]);
        deepEqual(await reads(server, everywhere, other), ["other"]);
        deepEqual(await reads(server, here, mine), ["mine", "last"]);
        for (const query of ["", other, `${mine}&namespace=${OTHER}`, "?kind=Service"]) {
          equal(await reads(server, here, query), 403, query);
        }
        for (const query of ["", mine, other, "?composition=some"]) {
          equal(await reads(server, nobody, query), 403, query);
        }
        for (const token of [undefined, "garbage", `${here}x`]) {
          equal(await reads(server, token, mine), 401);
        }
        const refused = await ask(`${server.url}/notifications`, { headers: bearer(here) });
        equal(refused.status, 403);
        match(JSON.parse(refused.text).detail, /\?namespace=NAME/);
      });
    },
  );

  scenario("who may get a composition reads its events, and sees it on the page", async () => {
    await withBench("sse-owner", async (bench) => {
      const charts = await serve([tinyChart("sse-owner")]);
      try {
        await bench.define("chart", { url: charts.repository, repo: "sse-owner" });
        const kind = await bench.defined("chart");
        const ids: string[] = [];
        for (const name of ["mine", "other"]) {
          await bench.compose(kind, name, {});
          ids.push((await bench.ready(kind, name)).metadata.uid ?? "");
        }
        const [mine = "", other = ""] = ids;
        const rules = [{ apiGroups: [kind.group], resources: [kind.plural], resourceNames: ["mine"], verbs: ["get"] }];
        await bench.apply({ apiVersion: `${RBAC}/v1`, kind: "Role", metadata: { name: "owner" }, rules });
        const owner = await user(bench, "owner", "owner", bench.namespace, "Role");

        await using server = await serveEvents(bench);
        const listed = async () => {
          const { text } = await ask(`${server.url}/compositions`, { headers: bearer(owner) });
          return (JSON.parse(text) as { id: string }[]).map(({ id }) => id);
        };
        await until(async () => (await listed()).length > 0, "the composition is listed", PATIENCE);
        deepEqual(await listed(), [mine]);
        const events = [eventIn(bench.namespace, "1", mine), eventIn(bench.namespace, "2", other)];
        equal(await publish(server, await publisher(bench), ...events), 200);
        deepEqual(await reads(server, owner, `?composition=${mine}`), ["1"]);
        equal(await reads(server, owner, `?composition=${other}`), 403);
        equal(await reads(server, owner, `?composition=${mine}&composition=${other}`), 403);
        equal(await reads(server, owner), 403);
        const tree = async (id: string) => {
          return (await ask(`${server.url}/compositions/${id}`, { headers: bearer(owner) })).text;
        };
        match(await tree(mine), /ConfigMap/);
        ok(!(await tree(other)).includes("ConfigMap"));
      } finally {
        await charts.close();
      }
    });
  });

  scenario("rights that are taken back end lists and open streams, and so does the end of a token", async () => {
    await withBench("sse-revoked", async (bench) => {
      await using server = await serveEvents(bench);
      const mine = `?namespace=${bench.namespace}`;
      const url = `${server.url}/notifications${mine}`;
      const unbound = await user(bench, "unbound", "view", bench.namespace);
      const deleted = await user(bench, "deleted", "view", bench.namespace);
      const short = await user(bench, "short", "view", bench.namespace);
      const open = async (token: string) => {
        await until(async () => Array.isArray(await reads(server, token, mine)), "it may read", PATIENCE);
        return await StreamReader.open(url, bearer(token));
      };

      await using first = await open(unbound);
      await using second = await open(deleted);
      await bench.client.delete(ROLE_BINDINGS, `${bench.namespace}-unbound`, bench.namespace);
      await first.end();
      equal(await reads(server, unbound, mine), 403);
      await bench.client.delete(SERVICE_ACCOUNTS, "deleted", bench.namespace);
      await second.end();
      equal(await reads(server, deleted, mine), 401);

      // Servers give no token for less than ten minutes: the clock is set to a second before its end.
      deepEqual(await reads(server, short, mine), []);
      const { exp } = JSON.parse(atob(short.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/") ?? ""));
      server.ahead = exp * 1_000 - 1_000 - Date.now();
      await using third = await StreamReader.open(url, bearer(short));
      await third.end();
      equal(await reads(server, short, mine), 401);
      const { text } = await ask(`${server.url}/metrics`);
      match(text, /eventsse_closed_total\{reason="expired"\} 3/);
    });
  });
}
