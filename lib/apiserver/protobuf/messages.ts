/** The messages that kubectl sends as protobuf: field numbers of the Kubernetes API, which never change. */

/** How a field is read. A value of Go's zero is left out; `optional` ones are pointers, which say something when they are there. */
export type FieldType =
  | "string"
  | "bytes"
  | "int"
  | "optional int"
  | "bool"
  | "optional bool"
  | "time"
  | "int or string"
  | "strings map"
  | "bytes map"
  | "json"
  | "ignored"
  | { readonly message: Message }
  | { readonly list: "string" | Message };

/** Fields of a message by their number. */
export interface Message {
  readonly [number: number]: readonly [name: string, type: FieldType];
}

const STRINGS: FieldType = { list: "string" };

const OBJECT_META: Message = {
  1: ["name", "string"],
  2: ["generateName", "string"],
  3: ["namespace", "string"],
  4: ["selfLink", "string"],
  5: ["uid", "string"],
  6: ["resourceVersion", "string"],
  7: ["generation", "int"],
  8: ["creationTimestamp", "time"],
  9: ["deletionTimestamp", "time"],
  10: ["deletionGracePeriodSeconds", "optional int"],
  11: ["labels", "strings map"],
  12: ["annotations", "strings map"],
  13: ["ownerReferences", {
    list: {
      1: ["kind", "string"],
      3: ["name", "string"],
      4: ["uid", "string"],
      5: ["apiVersion", "string"],
      6: ["controller", "optional bool"],
      7: ["blockOwnerDeletion", "optional bool"],
    },
  }],
  14: ["finalizers", STRINGS],
  17: ["managedFields", {
    list: {
      1: ["manager", "string"],
      2: ["operation", "string"],
      3: ["apiVersion", "string"],
      4: ["time", "time"],
      6: ["fieldsType", "string"],
      7: ["fieldsV1", "json"],
      8: ["subresource", "string"],
    },
  }],
};
const META: readonly [string, FieldType] = ["metadata", { message: OBJECT_META }];
/** Statuses are the server's; clients send empty ones. */
const STATUS: readonly [string, FieldType] = ["status", "ignored"];

const LABEL_SELECTOR: Message = {
  1: ["matchLabels", "strings map"],
  2: ["matchExpressions", { list: { 1: ["key", "string"], 2: ["operator", "string"], 3: ["values", STRINGS] } }],
};

const CONTAINER: Message = {
  1: ["name", "string"],
  2: ["image", "string"],
  3: ["command", STRINGS],
  4: ["args", STRINGS],
  5: ["workingDir", "string"],
  6: ["ports", {
    list: {
      1: ["name", "string"],
      2: ["hostPort", "int"],
      3: ["containerPort", "int"],
      4: ["protocol", "string"],
      5: ["hostIP", "string"],
    },
  }],
  7: ["env", { list: { 1: ["name", "string"], 2: ["value", "string"] } }],
  8: ["resources", { message: {} }],
  13: ["terminationMessagePath", "string"],
  14: ["imagePullPolicy", "string"],
  16: ["stdin", "bool"],
  17: ["stdinOnce", "bool"],
  18: ["tty", "bool"],
  20: ["terminationMessagePolicy", "string"],
};

const POD_SPEC: Message = {
  2: ["containers", { list: CONTAINER }],
  3: ["restartPolicy", "string"],
  4: ["terminationGracePeriodSeconds", "optional int"],
  5: ["activeDeadlineSeconds", "optional int"],
  6: ["dnsPolicy", "string"],
  7: ["nodeSelector", "strings map"],
  8: ["serviceAccountName", "string"],
  9: ["serviceAccount", "string"],
  10: ["nodeName", "string"],
  11: ["hostNetwork", "bool"],
  12: ["hostPID", "bool"],
  13: ["hostIPC", "bool"],
  16: ["hostname", "string"],
  17: ["subdomain", "string"],
  19: ["schedulerName", "string"],
  24: ["priorityClassName", "string"],
};

const TEMPLATE: FieldType = { message: { 1: META, 2: ["spec", { message: POD_SPEC }] } };

const DEPLOYMENT: Message = {
  1: META,
  2: ["spec", {
    message: {
      1: ["replicas", "optional int"],
      2: ["selector", { message: LABEL_SELECTOR }],
      3: ["template", TEMPLATE],
      4: ["strategy", { message: { 1: ["type", "string"] } }],
      5: ["minReadySeconds", "int"],
      6: ["revisionHistoryLimit", "optional int"],
      7: ["paused", "bool"],
      9: ["progressDeadlineSeconds", "optional int"],
    },
  }],
  3: STATUS,
};

const JOB_SPEC: Message = {
  1: ["parallelism", "optional int"],
  2: ["completions", "optional int"],
  3: ["activeDeadlineSeconds", "optional int"],
  4: ["selector", { message: LABEL_SELECTOR }],
  6: ["template", TEMPLATE],
  7: ["backoffLimit", "optional int"],
  8: ["ttlSecondsAfterFinished", "optional int"],
};

const CRON_JOB: Message = {
  1: META,
  2: ["spec", {
    message: {
      1: ["schedule", "string"],
      2: ["startingDeadlineSeconds", "optional int"],
      3: ["concurrencyPolicy", "string"],
      4: ["suspend", "optional bool"],
      5: ["jobTemplate", { message: { 1: META, 2: ["spec", { message: JOB_SPEC }] } }],
    },
  }],
  3: STATUS,
};

const SERVICE: Message = {
  1: META,
  2: ["spec", {
    message: {
      1: ["ports", {
        list: {
          1: ["name", "string"],
          2: ["protocol", "string"],
          3: ["port", "int"],
          4: ["targetPort", "int or string"],
          5: ["nodePort", "int"],
        },
      }],
      2: ["selector", "strings map"],
      3: ["clusterIP", "string"],
      4: ["type", "string"],
      5: ["externalIPs", STRINGS],
      7: ["sessionAffinity", "string"],
      8: ["loadBalancerIP", "string"],
      10: ["externalName", "string"],
      11: ["externalTrafficPolicy", "string"],
      12: ["healthCheckNodePort", "int"],
      13: ["publishNotReadyAddresses", "bool"],
    },
  }],
  3: STATUS,
};

const RULES: readonly [string, FieldType] = ["rules", {
  list: {
    1: ["verbs", STRINGS],
    2: ["apiGroups", STRINGS],
    3: ["resources", STRINGS],
    4: ["resourceNames", STRINGS],
    5: ["nonResourceURLs", STRINGS],
  },
}];
const ROLE: Message = { 1: META, 2: RULES };
const BINDING: Message = {
  1: META,
  2: ["subjects", {
    list: { 1: ["kind", "string"], 2: ["apiGroup", "string"], 3: ["name", "string"], 4: ["namespace", "string"] },
  }],
  3: ["roleRef", { message: { 1: ["apiGroup", "string"], 2: ["kind", "string"], 3: ["name", "string"] } }],
};

const ACCESS_REVIEW: Message = {
  1: META,
  2: ["spec", {
    message: {
      1: ["resourceAttributes", {
        message: {
          1: ["namespace", "string"],
          2: ["verb", "string"],
          3: ["group", "string"],
          4: ["version", "string"],
          5: ["resource", "string"],
          6: ["subresource", "string"],
          7: ["name", "string"],
        },
      }],
      2: ["nonResourceAttributes", { message: { 1: ["path", "string"], 2: ["verb", "string"] } }],
    },
  }],
  3: STATUS,
};

const DELETE_OPTIONS: Message = {
  1: ["gracePeriodSeconds", "optional int"],
  2: ["preconditions", { message: { 1: ["uid", "string"], 2: ["resourceVersion", "string"] } }],
  3: ["orphanDependents", "optional bool"],
  4: ["propagationPolicy", "string"],
  5: ["dryRun", STRINGS],
};

const RBAC = "rbac.authorization.k8s.io/v1";
const AUTHORIZATION = "authorization.k8s.io/v1";

/** Options of a delete, which clients send under the version of what they delete. */
export const OPTIONS: Readonly<Record<string, Message>> = { DeleteOptions: DELETE_OPTIONS };

/** The messages by `apiVersion kind`: what `kubectl create`, `expose` and `auth` and Helm's storage of releases send. */
export const MESSAGES: Readonly<Record<string, Message>> = {
  "v1 ConfigMap": {
    1: META,
    2: ["data", "strings map"],
    3: ["binaryData", "bytes map"],
    4: ["immutable", "optional bool"],
  },
  "v1 Namespace": { 1: META, 2: ["spec", { message: { 1: ["finalizers", STRINGS] } }], 3: STATUS },
  "v1 Pod": { 1: META, 2: ["spec", { message: POD_SPEC }], 3: STATUS },
  "v1 Secret": {
    1: META,
    2: ["data", "bytes map"],
    3: ["type", "string"],
    4: ["stringData", "strings map"],
    5: ["immutable", "optional bool"],
  },
  "v1 Service": SERVICE,
  "v1 ServiceAccount": { 1: META, 4: ["automountServiceAccountToken", "optional bool"] },
  "apps/v1 Deployment": DEPLOYMENT,
  "batch/v1 CronJob": CRON_JOB,
  "batch/v1 Job": { 1: META, 2: ["spec", { message: JOB_SPEC }], 3: STATUS },
  "authentication.k8s.io/v1 SelfSubjectReview": { 1: META, 2: STATUS },
  [`${AUTHORIZATION} SelfSubjectAccessReview`]: ACCESS_REVIEW,
  [`${AUTHORIZATION} SelfSubjectRulesReview`]: {
    1: META,
    2: ["spec", { message: { 1: ["namespace", "string"] } }],
    3: STATUS,
  },
  [`${RBAC} ClusterRole`]: ROLE,
  [`${RBAC} ClusterRoleBinding`]: BINDING,
  [`${RBAC} Role`]: ROLE,
  [`${RBAC} RoleBinding`]: BINDING,
};
