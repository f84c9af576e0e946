import assert from "node:assert/strict";
import { createClient, type KubeTransport } from "../../../lib/kube/mod.ts";
import { base64url } from "./_testing.ts";
import { TokenReviewer } from "./token_review.ts";

interface Review {
  readonly kind: string;
  readonly spec: {
    readonly token?: string;
    readonly user?: string;
    readonly resourceAttributes?: {
      readonly verb: string;
      readonly resource: string;
      readonly name: string;
      readonly namespace?: string;
    };
  };
}

/** An API server that knows one token and what its owner may. */
function reviewing(allowed: readonly string[]): { readonly transport: KubeTransport; readonly asked: string[] } {
  const asked: string[] = [];
  const answer = ({ kind, spec }: Review): object => {
    if (kind === "TokenReview") {
      asked.push(`token ${spec.token}`);
      return { authenticated: spec.token?.startsWith("good") ?? false, user: { username: "jane", groups: ["devs"] } };
    }
    const { verb, resource, name, namespace } = spec.resourceAttributes ?? { verb: "", resource: "", name: "" };
    const place = namespace === undefined || resource !== "events" ? "" : ` in ${namespace}`;
    const question = `${verb} ${resource}/${name}${place}`;
    asked.push(`${spec.user} ${question}`);
    return { allowed: allowed.includes(question) };
  };
  const transport: KubeTransport = {
    performRequest: () => Promise.reject<never>(new Error("request() is there")),
    request: ({ bodyRaw }) => {
      const review = JSON.parse(new TextDecoder().decode(bodyRaw)) as Review; // sent by the class under test
      const { status, headers, body } = Response.json({ ...review, status: answer(review) }, { status: 201 });
      return Promise.resolve({ status, headers, body });
    },
  };
  return { transport, asked };
}

Deno.test("TokenReviewer asks whose token it is and what they may, and believes it for a minute", async () => {
  let now = 1_000_000;
  const { transport, asked } = reviewing(["get apps/web", "get events/chan", "create events/builds"]);
  const client = createClient(transport);
  const locate = (id: string) =>
    id === "abc" ? { group: "g", resource: "apps", namespace: "demo", name: "web" } : undefined;
  const reviewer = new TokenReviewer({ client, locate, now: () => now });
  const jane = await reviewer.authenticate("good");
  assert.deepEqual(await jane.readable(), []);
  const rights = await Promise.all([
    jane.mayRead("abc"),
    jane.mayRead("chan"),
    jane.mayRead("other"),
    jane.mayPublish("builds"),
    jane.mayPublish("krateo"),
  ]);
  assert.deepEqual(rights, [true, true, false, true, false]);
  const questions = asked.length;
  await (await reviewer.authenticate("good")).mayRead("abc");
  assert.equal(asked.length, questions);
  now += 61_000;
  await (await reviewer.authenticate("good")).mayRead("abc");
  assert.deepEqual(asked.slice(questions), ["token good", "jane get apps/web"]);
  assert.deepEqual([jane.expiresAt, jane.renewal?.every], [undefined, 600_000]);
});

Deno.test("TokenReviewer asks about a namespace as RBAC has it", async () => {
  const { transport, asked } = reviewing(["list events/ in demo"]);
  const jane = await new TokenReviewer({ client: createClient(transport) }).authenticate("good");
  assert.deepEqual([await jane.mayReadIn?.("demo"), await jane.mayReadIn?.("other")], [true, false]);
  assert.deepEqual(asked.slice(1), ["jane list events/ in demo", "jane list events/ in other"]);
});

Deno.test("TokenReviewer refuses a token that ended while it was believed", async () => {
  let now = 1_000_000;
  const { transport, asked } = reviewing([]);
  const reviewer = new TokenReviewer({ client: createClient(transport), now: () => now });
  const token = `good.${base64url('{"exp":1010}')}.x`;
  await reviewer.authenticate(token);
  now = 1_010_000;
  await assert.rejects(reviewer.authenticate(token), { status: 401, message: /expired/ });
  assert.equal(asked.length, 1);
});

Deno.test("TokenReviewer refuses unknown tokens and ends with a token that says when", async () => {
  const { transport } = reviewing(["list events/"]);
  const reviewer = new TokenReviewer({ client: createClient(transport) });
  await assert.rejects(reviewer.authenticate("bad"), { status: 401 });
  const known = await reviewer.authenticate(`good.${base64url('{"exp":2000000000}')}.x`);
  assert.deepEqual([known.expiresAt, await known.readable()], [2_000_000_000_000, "all"]);
});
