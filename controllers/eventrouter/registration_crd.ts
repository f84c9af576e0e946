/** The CRD of `Registration`, with the settings of every sink. `deploy/crds/` is generated from it. */
import type { KubeObject } from "../../lib/kube/mod.ts";
import type { StructuralSchema } from "../../lib/schema/mod.ts";
import { SINKS } from "../../sinks/mod.ts";
import type { SinkKinds } from "./plan.ts";

const string = (description: string, more: StructuralSchema = {}): StructuralSchema => {
  return { type: "string", description, maxLength: 4096, ...more };
};
const integer = (description: string, minimum: number, maximum: number): StructuralSchema => {
  return { type: "integer", format: "int64", description, minimum, maximum };
};
const object = (description: string, properties: Record<string, StructuralSchema>, more: StructuralSchema = {}) => {
  return { type: "object", description, properties, ...more } satisfies StructuralSchema;
};
const duration = (description: string, signed = false): StructuralSchema => {
  const pattern = `^${signed ? "-?" : ""}(0|([0-9]+(\\.[0-9]*)?(ns|us|µs|ms|s|m|h))+)$`;
  return string(description, { maxLength: 32, pattern });
};

const sink = (description: string, sinks: SinkKinds): StructuralSchema => {
  // A sink's schema is a structural schema by contract.
  const properties = Object.fromEntries(
    Object.values(sinks).map(({ name, schema }) => [name, schema as StructuralSchema]),
  );
  return object(description, properties, { minProperties: 1, maxProperties: 1 });
};

/** For the second time that the same fields occur: descriptions are most of a schema's size. */
function withoutDescriptions(schema: StructuralSchema): StructuralSchema {
  const text = JSON.stringify(
    schema,
    (name, value) => name === "description" && typeof value === "string" ? undefined : value,
  );
  return JSON.parse(text);
}

const patterns = (description: string): StructuralSchema => {
  return { type: "object", description, maxProperties: 32, additionalProperties: { type: "string", maxLength: 1024 } };
};

const RULE: StructuralSchema = object("Patterns (RE2) that all have to match.", {
  anchored: { type: "boolean", description: "Patterns match the whole text; by default they match anywhere in it." },
  labels: patterns("Labels of the involved object, a pattern each."),
  annotations: patterns("Annotations of the involved object, a pattern each."),
  message: string("The Event's message."),
  apiVersion: string("apiVersion of the involved object."),
  kind: string("Kind of the involved object."),
  namespace: string("The Event's namespace."),
  reason: string("The Event's reason."),
  type: string("Normal or Warning."),
  component: string("The component that reported it."),
  host: string("The host that it was reported from."),
  minCount: integer("How often it must have been counted.", 0, 1_000_000_000),
});

const rules = (description: string): StructuralSchema => {
  return { type: "array", description, maxItems: 64, items: RULE };
};

/** CRDs know no recursion: the tree may be so deep. */
const DEPTH = 3;

function routeProperties(depth: number): Record<string, StructuralSchema> {
  const inner = depth === 0 ? {} : {
    routes: {
      type: "array",
      description: "With routes, an Event that all of match match is taken if one of these takes it.",
      maxItems: 32,
      items: object("A route of its own.", routeProperties(depth - 1)),
    } satisfies StructuralSchema,
  };
  return {
    drop: rules("An Event that one of these matches is not taken, whatever follows."),
    match: rules("An Event that one of these matches is taken; without any, all are."),
    ...inner,
  };
}

const spec = (sinks: SinkKinds): StructuralSchema =>
  object("Who is told, of what, and how.", {
    serviceName: string("Name of the service, for messages.", { maxLength: 253 }),
    endpoint: string("URL that Events are POSTed to; short for sink.webhook.url.", { maxLength: 2048 }),
    sink: sink("Where Events go: exactly one kind, with its settings.", sinks),
    ...routeProperties(DEPTH),
    layout: object("What is sent; by default the Event as the original router sends it.", {
      preset: string("A ready form.", { enum: ["raw", "cloudevents", "otlp", "slack", "teams"] }),
      template: {
        type: "object",
        description: "JSON of which each string is a Go template over the Event.",
        "x-kubernetes-preserve-unknown-fields": true,
      },
    }, { minProperties: 1, maxProperties: 1 }),
    batch: object("A batch is sent when one of these is reached.", {
      count: integer("Events.", 1, 100_000),
      bytes: integer("Bytes, about.", 1, 1_073_741_824),
      wait: duration("Time since its first Event."),
    }),
    retry: object("What happens after a failed attempt.", {
      timeout: duration("Of one attempt. Default 20s."),
      initialDelay: duration("Bound of the first random delay, doubled a failure. Default 200ms."),
      maxDelay: duration("Largest bound. Default 30s."),
      attempts: integer("Then it goes to the dead letter; 0 for never, the default.", 0, 1_000_000),
      breakerFailures: integer("Failures in a row after which one attempt at a time is made. Default 5.", 1, 1_000_000),
    }),
    concurrency: integer(
      "Batches on their way at once; those of one object never are. Default 8, 1 for batches.",
      1,
      256,
    ),
    queue: object("What may wait while the sink is slow or down.", {
      items: integer("Events in memory. Default 10000.", 1, 10_000_000),
      bytes: integer("Their bytes, about. Default 4 MiB.", 1, 4_294_967_296),
      spillBytes: integer("Bytes on disk, for Spill. Default 1 GiB.", 1, 1_099_511_627_776),
      policy: string("What happens when it is full. Default Spill where the router has a directory, else DropOldest.", {
        enum: ["BlockSource", "DropOldest", "Spill", "DeadLetter"],
      }),
    }),
    deadLetter: object("Where Events go that the sink refuses.", {
      sink: { ...withoutDescriptions(sink("", sinks)), description: "A sink of its own, as spec.sink." },
    }, {
      required: ["sink"],
    }),
    rateLimit: object("Events a second.", {
      perSecond: { type: "number", description: "On average.", minimum: 0.001 },
      burst: integer("At once.", 1, 1_000_000),
    }, { required: ["perSecond"] }),
    dedupInterval: duration(
      "Updates of an Event sooner than this after the last are left out; -1s: all updates are.",
      true,
    ),
    maxAge: duration("Events that happened longer ago are left out."),
    history: string("All: also Events from before the Registration. Default None.", { enum: ["None", "All"] }),
    atLeastOnce: {
      type: "boolean",
      description: "Whether the checkpoint waits for it. Default: if the sink acknowledges.",
    },
    paused: { type: "boolean", description: "Nothing is sent; what comes waits in the queue." },
  }, {
    "x-kubernetes-validations": [{
      rule: "has(self.sink) ? !has(self.endpoint) : (has(self.endpoint) && has(self.serviceName))",
      message: "give either serviceName and endpoint, or sink",
    }],
  });

const STATUS: StructuralSchema = object("How it is going.", {
  conditions: {
    type: "array",
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["type"],
    items: object("A condition.", {
      type: string("Ready: Events are delivered."),
      status: string("", { enum: ["True", "False", "Unknown"] }),
      reason: string("Why, in one word."),
      message: string("Why, in a sentence.", { maxLength: 32768 }),
      lastTransitionTime: string("When the status last changed.", { format: "date-time" }),
      observedGeneration: { type: "integer", format: "int64", description: "The generation that this is about." },
    }, { required: ["type", "status", "reason", "lastTransitionTime"] }),
  },
  observedGeneration: { type: "integer", format: "int64", description: "The generation that the status is about." },
  counters: object("Since the router started; written at most twice a minute.", {
    delivered: { type: "integer", format: "int64", description: "Acknowledged by the sink." },
    retried: { type: "integer", format: "int64", description: "Sent again." },
    dropped: { type: "integer", format: "int64", description: "Matched by the rules, and not delivered." },
    deadLettered: { type: "integer", format: "int64", description: "Given to the dead letter." },
    queued: { type: "integer", format: "int64", description: "Waiting." },
    lagSeconds: { type: "integer", format: "int64", description: "Age of the oldest that waits." },
  }),
  lastError: object("What went wrong last.", {
    message: string("What.", { maxLength: 32768 }),
    time: string("When.", { format: "date-time" }),
  }),
});

const column = (name: string, jsonPath: string, type = "string", priority = 0) => {
  return { name, type, jsonPath, ...(priority > 0 ? { priority } : {}) };
};

/** The CRD of a router with these sinks. */
export function registrationCrd(sinks: SinkKinds): KubeObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "registrations.eventrouter.krateo.io" },
    spec: {
      group: "eventrouter.krateo.io",
      scope: "Cluster",
      names: {
        kind: "Registration",
        listKind: "RegistrationList",
        plural: "registrations",
        singular: "registration",
        categories: ["krateo"],
      },
      versions: [{
        name: "v1alpha1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: object("Somebody who is told of the cluster's Events.", {
            apiVersion: { type: "string" },
            kind: { type: "string" },
            metadata: { type: "object" },
            spec: spec(sinks),
            status: STATUS,
          }, { required: ["spec"] }),
        },
        subresources: { status: {} },
        additionalPrinterColumns: [
          column("READY", ".status.conditions[?(@.type=='Ready')].status"),
          column("REASON", ".status.conditions[?(@.type=='Ready')].reason"),
          column("DELIVERED", ".status.counters.delivered", "integer"),
          column("QUEUED", ".status.counters.queued", "integer", 10),
          column("LAST ERROR", ".status.lastError.message", "string", 10),
          column("AGE", ".metadata.creationTimestamp", "date"),
        ],
      }],
    },
  };
}

/** The CRD, as it is applied. */
export const REGISTRATION_CRD: KubeObject = registrationCrd(SINKS);
