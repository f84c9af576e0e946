import { equal, throws } from "node:assert/strict";
import type { CoreEvent } from "../../sinks/mod.ts";
import type { Route, Rule } from "./api.ts";
import { RegistrationError } from "./errors.ts";
import { enriched, type EnrichedEvent } from "./enriched_event.ts";
import { compileRoute, compileRule } from "./rules.ts";

/** An Event and what is known of its object. */
interface Sample {
  readonly event?: Partial<CoreEvent>;
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

function sample({ event = {}, namespace = "default", labels = {}, annotations = {} }: Sample): EnrichedEvent {
  const core: CoreEvent = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "e", namespace, uid: "u", resourceVersion: "1" },
    involvedObject: {},
    ...event,
  };
  const sourced = { event: core, source: "", position: 1, listed: false, afterGap: false, received: 0 };
  return enriched(sourced, { compositionId: "", labels, annotations, owners: [], exists: true });
}

/** The rule table of the most popular exporter: patterns are not anchored. */
const RULES: readonly [string, Rule, Sample, boolean][] = [
  ["an empty rule matches everything", {}, {}, true],
  ["namespace", { namespace: "kube-system" }, { namespace: "kube-system" }, true],
  ["another namespace", { namespace: "kube-system" }, { namespace: "default" }, false],
  ["a namespace pattern", { namespace: "kube-*" }, { namespace: "kube-system" }, true],
  ["a namespace pattern, another", { namespace: "kube-*" }, { namespace: "kube-public" }, true],
  ["a namespace pattern that does not match", { namespace: "kube-*" }, { namespace: "default" }, false],
  ["a label, unanchored", { labels: { version: "alpha" } }, { labels: { version: "alpha-123" } }, true],
  ["one of two labels", { labels: { env: "prod", version: "alpha" } }, { labels: { env: "prod" } }, false],
  [
    "both labels",
    { labels: { env: "prod", version: "alpha" } },
    { labels: { env: "prod", version: "alpha", more: "x" } },
    true,
  ],
  ["an annotation", { annotations: { name: "sou*" } }, { annotations: { name: "source" } }, true],
  ["another annotation", { annotations: { name: "test.*" } }, { annotations: { name: "source" } }, false],
  ["a missing annotation", { annotations: { name: "sou*" } }, { annotations: { other: "source" } }, false],
  [
    "kind and namespace",
    { kind: "Po*", namespace: "alpha|beta" },
    { event: { involvedObject: { kind: "Pod" } }, namespace: "beta" },
    true,
  ],
  ["alternatives that do not match", { type: "Deployment|ReplicaSet" }, { event: { type: "Pod" } }, false],
  [
    "a message",
    { message: "pulled.*nginx.*" },
    { event: { message: 'Successfully pulled image "nginx:latest"' } },
    true,
  ],
  ["too few", { minCount: 30 }, { event: { count: 5 } }, false],
  ["enough", { minCount: 30 }, { event: { count: 30 } }, true],
  ["enough in a series", { minCount: 3 }, { event: { series: { count: 4 } } }, true],
  ["a component", { component: "kubelet" }, { event: { source: { component: "kubelet" } } }, true],
  ["a reporting controller", { component: "^k" }, { event: { reportingComponent: "kubelet", source: {} } }, true],
  ["a host", { host: "node-[0-9]+" }, { event: { source: { host: "node-12" } } }, true],
  ["anchored: part of the text", { anchored: true, reason: "Failed" }, { event: { reason: "FailedMount" } }, false],
  ["anchored: the whole text", { anchored: true, reason: "Failed.*" }, { event: { reason: "FailedMount" } }, true],
  ["anchored: no pattern", { anchored: true, reason: "Failed" }, { event: { reason: "Failed" } }, true],
];

for (const [name, rule, event, holds] of RULES) {
  Deno.test(`compileRule() ${holds ? "matches" : "does not match"}: ${name}`, () => {
    equal(compileRule(rule, "rule")(sample(event)), holds);
  });
}

/** A tree with receivers at its rules, as the exporter has it. */
interface ReceiverRoute {
  readonly drop?: readonly Rule[];
  readonly match?: readonly (Rule & { readonly receiver?: string })[];
  readonly routes?: readonly ReceiverRoute[];
}

/** The Registration of one receiver of such a tree. */
function registrationOf(receiver: string, { drop = [], match = [], routes = [] }: ReceiverRoute): Route | undefined {
  const rules = match.map(({ receiver: _receiver, ...rule }) => rule);
  const own = rules.filter((_, index) => match[index]?.receiver === receiver);
  const inner = routes.flatMap((route) => registrationOf(receiver, route) ?? []);
  const ways: Route[] = [
    ...(own.length > 0 ? [{ match: own }] : []),
    ...(inner.length > 0 ? [{ match: rules, routes: inner }] : []),
  ];
  return ways.length > 0 ? { drop, routes: ways } : undefined;
}

const KUBE = { namespace: "kube-system" };
const ROUTES: readonly [string, ReceiverRoute, Sample, readonly string[]][] = [
  ["an empty route", {}, {}, []],
  ["a basic route", { match: [{ ...KUBE, receiver: "osman" }] }, KUBE, ["osman"]],
  ["drop wins", { drop: [KUBE], match: [{ ...KUBE, receiver: "osman" }] }, KUBE, []],
  [
    "one level with two",
    { match: [{ ...KUBE, receiver: "osman" }, { namespace: "kube-*", receiver: "any" }] },
    KUBE,
    ["osman", "any"],
  ],
  ["a route below", { match: [KUBE], routes: [{ match: [{ receiver: "osman", ...KUBE }] }] }, KUBE, ["osman"]],
  [
    "two levels below",
    {
      match: [{ namespace: "kube-*" }],
      routes: [{ match: [{ receiver: "osman", ...KUBE }], routes: [{ match: [{ receiver: "any", ...KUBE }] }] }],
    },
    KUBE,
    ["osman", "any"],
  ],
  [
    "two levels below with a drop",
    {
      match: [{ namespace: "kube-*" }],
      routes: [{
        match: [{ receiver: "osman", ...KUBE }],
        routes: [{ drop: [KUBE], match: [{ receiver: "any", ...KUBE }] }],
      }],
    },
    KUBE,
    ["osman"],
  ],
  [
    "a reason, Normal ones dropped",
    { drop: [{ type: "Normal" }], match: [{ reason: "FailedCreatePodContainer", receiver: "elastic" }] },
    { event: { type: "Warning", reason: "FailedCreatePodContainer" } },
    ["elastic"],
  ],
  [
    "another reason, Normal ones dropped",
    { drop: [{ type: "Normal" }], match: [{ reason: "FailedCreatePodContainer", receiver: "elastic" }] },
    { event: { type: "Warning", reason: "FailedCreate" } },
    [],
  ],
];

for (const [name, tree, event, receivers] of ROUTES) {
  Deno.test(`compileRoute() sends to ${receivers.join(" and ") || "nobody"}: ${name}`, () => {
    for (const receiver of ["osman", "any", "elastic"]) {
      const route = registrationOf(receiver, tree);
      equal(route !== undefined && compileRoute(route, "spec")(sample(event)), receivers.includes(receiver), receiver);
    }
  });
}

Deno.test("compileRoute() takes everything where there is no rule", () => {
  equal(compileRoute({}, "spec")(sample({})), true);
});

for (const pattern of ["*test*", "a{2,1}", "(?=ahead)", "[z-a]"]) {
  Deno.test(`compileRoute() names the field of the bad pattern ${pattern}`, () => {
    throws(() => compileRoute({ routes: [{ drop: [{}, { reason: pattern }] }] }, "spec"), (error) => {
      return error instanceof RegistrationError && error.reason === "InvalidRule" &&
        error.message.startsWith(`Cannot compile spec.routes[0].drop[1].reason: "${pattern}"`);
    });
  });
}
