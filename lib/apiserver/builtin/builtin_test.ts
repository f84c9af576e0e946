import assert from "node:assert/strict";
import type { KubeObject } from "../../kube/mod.ts";
import { cloneJson, equalJson, isObject } from "../json_value.ts";
import { schemaEngine } from "../schema/mod.ts";
import { ageOf, builtinComponents, builtinKinds, builtinTypeName, humanDuration } from "./mod.ts";

const NOW = Date.parse("2024-01-02T00:00:00Z");

function kindOf(name: string) {
  const kind = builtinKinds.find((candidate) => candidate.kind === name);
  assert.ok(kind, `no kind ${name}`);
  return kind;
}

/** An object as the server stores it on create. */
function stored(name: string, fields: Record<string, unknown>): KubeObject {
  const kind = kindOf(name);
  const [version] = kind.versions;
  assert.ok(version);
  const apiVersion = kind.group === "" ? version.name : `${kind.group}/${version.name}`;
  const metadata = { name: "x", uid: "u", ...(isObject(fields["metadata"]) ? fields["metadata"] : {}) };
  const object: KubeObject = { apiVersion, kind: name, ...cloneJson(fields), metadata };
  const schema = version.schema();
  assert.ok(schema);
  schemaEngine.prune(schema, object);
  schemaEngine.applyDefaults(schema, object);
  // A request cannot set the status of what it creates.
  if (version.status) delete object["status"];
  kind.prepare?.(object, undefined);
  return object;
}

function problems(name: string, fields: Record<string, unknown>, old?: Record<string, unknown>): string[] {
  const kind = kindOf(name);
  const errors = kind.check?.(stored(name, fields), old === undefined ? undefined : stored(name, old)) ?? [];
  return errors.map(({ field, message }) => `${field}: ${message}`);
}

const POD = { containers: [{ name: "c", image: "i:1" }] };
const TEMPLATE = { metadata: { labels: { a: "b" } }, spec: POD };
const DEPLOYMENT = { spec: { selector: { matchLabels: { a: "b" } }, template: TEMPLATE } };

Deno.test("every built-in kind has a schema of objects with metadata, and its document is complete", () => {
  for (const kind of builtinKinds) {
    for (const version of kind.versions) {
      const schema = version.schema();
      assert.equal(schema?.type, "object", kind.kind);
      assert.ok(schema.properties?.["metadata"], kind.kind);
      const components = builtinComponents([builtinTypeName(kind.group, version.name, kind.kind)]);
      for (const [, name] of JSON.stringify(components).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
        assert.ok(name !== undefined && name in components, name);
      }
    }
  }
});

Deno.test("built-in kinds differ in their names, and one version of each is stored", () => {
  const names = builtinKinds.map(({ group, plural }) => `${plural}.${group}`);
  assert.equal(new Set(names).size, names.length);
  for (const kind of builtinKinds) assert.equal(kind.versions.filter(({ storage }) => storage).length, 1, kind.kind);
});

/** Kind, what is written, and what the server makes of it at some paths. */
const FILLED: readonly (readonly [string, Record<string, unknown>, Record<string, unknown>])[] = [
  ["Deployment", DEPLOYMENT, {
    "spec.replicas": 1,
    "spec.strategy": { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
    "spec.revisionHistoryLimit": 10,
    "spec.progressDeadlineSeconds": 600,
    "spec.template.spec.restartPolicy": "Always",
    "spec.template.spec.containers.0.imagePullPolicy": "IfNotPresent",
    "spec.template.spec.containers.0.resources": {},
    status: {},
  }],
  ["StatefulSet", DEPLOYMENT, {
    "spec.updateStrategy": { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
    "spec.podManagementPolicy": "OrderedReady",
    status: { replicas: 0, availableReplicas: 0 },
  }],
  ["DaemonSet", DEPLOYMENT, { "spec.updateStrategy.rollingUpdate": { maxSurge: 0, maxUnavailable: 1 } }],
  ["Job", { spec: { template: { spec: { ...POD, restartPolicy: "Never" } } } }, {
    "spec.backoffLimit": 6,
    "spec.completions": 1,
    "spec.selector": { matchLabels: { "batch.kubernetes.io/controller-uid": "u" } },
    "spec.template.metadata.labels.job-name": "x",
  }],
  ["Pod", {
    spec: {
      containers: [{
        name: "c",
        image: "i",
        env: [{ name: "E", value: "" }],
        resources: { limits: { cpu: 1, memory: "1024Mi" } },
      }],
    },
  }, {
    "spec.containers.0.imagePullPolicy": "Always",
    "spec.containers.0.env.0": { name: "E" },
    "spec.containers.0.resources": { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "1", memory: "1Gi" } },
    "spec.enableServiceLinks": true,
    "status": { phase: "Pending", qosClass: "Guaranteed" },
  }],
  ["Service", { spec: { ports: [{ port: 80 }] } }, {
    "spec.ports.0": { port: 80, protocol: "TCP", targetPort: 80 },
    "spec.type": "ClusterIP",
    "spec.sessionAffinity": "None",
    "spec.internalTrafficPolicy": "Cluster",
    "spec.ipFamilies": ["IPv4"],
    status: { loadBalancer: {} },
  }],
  ["Secret", { data: { a: "eA==" }, stringData: { b: "é" } }, {
    type: "Opaque",
    data: { a: "eA==", b: "w6k=" },
    stringData: undefined,
  }],
  ["PersistentVolumeClaim", { spec: {} }, { "spec.volumeMode": "Filesystem", status: { phase: "Pending" } }],
  ["NetworkPolicy", { spec: { podSelector: {}, egress: [{}] } }, { "spec.policyTypes": ["Ingress", "Egress"] }],
  ["RoleBinding", { roleRef: { kind: "Role", name: "r" }, subjects: [{ kind: "User", name: "u" }] }, {
    "roleRef.apiGroup": "rbac.authorization.k8s.io",
    "subjects.0.apiGroup": "rbac.authorization.k8s.io",
  }],
  ["HorizontalPodAutoscaler", { spec: { maxReplicas: 3, scaleTargetRef: {} } }, { "spec.minReplicas": 1 }],
  ["Namespace", {}, { "metadata.labels": { "kubernetes.io/metadata.name": "x" } }],
];

function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((from, key) => {
    if (Array.isArray(from)) return from[Number(key)];
    return isObject(from) ? from[key] : undefined;
  }, value);
}

for (const [name, fields, expected] of FILLED) {
  Deno.test(`a created ${name} has what the real server fills in`, () => {
    const object = stored(name, fields);
    for (const [path, value] of Object.entries(expected)) {
      assert.ok(equalJson(at(object, path), value), `${path}: ${JSON.stringify(at(object, path))}`);
    }
  });
}

Deno.test("services get addresses and node ports, and keep them when an update leaves them out", () => {
  const live = stored("Service", { spec: { type: "NodePort", ports: [{ port: 80 }] } });
  const address = at(live, "spec.clusterIP");
  assert.match(String(address), /^10\.96\.\d+\.\d+$/);
  const port = Number(at(live, "spec.ports.0.nodePort"));
  assert.ok(port >= 30000 && port < 32768);
  const next: KubeObject = { ...cloneJson(live), spec: { type: "NodePort", ports: [{ port: 80, protocol: "TCP" }] } };
  kindOf("Service").prepare?.(next, live);
  assert.equal(at(next, "spec.clusterIP"), address);
  assert.equal(at(next, "spec.ports.0.nodePort"), port);
});

const other = (spec: Record<string, unknown>) => ({ spec: { ...DEPLOYMENT.spec, ...spec } });

/** Kind, object, the object before, and the errors. */
const REFUSED:
  readonly (readonly [string, Record<string, unknown>, Record<string, unknown> | undefined, readonly string[]])[] = [
    ["Deployment", DEPLOYMENT, undefined, []],
    ["Deployment", other({ replicas: -1 }), undefined, [
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
    ]],
    ["Deployment", other({ selector: { matchLabels: { a: "c" } } }), undefined, [
      'spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`',
    ]],
    ["Deployment", other({ selector: { matchLabels: { a: "b" } } }), other({ selector: { matchLabels: { a: "c" } } }), [
      'spec.selector: Invalid value: {"matchLabels":{"a":"b"}}: field is immutable',
    ]],
    ["Deployment", other({ template: { ...TEMPLATE, spec: { ...POD, restartPolicy: "Never" } } }), undefined, [
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ]],
    [
      "Deployment",
      other({
        template: {
          ...TEMPLATE,
          spec: { containers: [{ name: "A", image: "i", volumeMounts: [{ name: "v", mountPath: "/x" }] }] },
        },
      }),
      undefined,
      [
        "spec.template.spec.containers[0].name: Invalid value: \"A\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "v"',
      ],
    ],
    ["Service", { spec: {} }, undefined, ["spec.ports: Required value"]],
    ["Service", { spec: { ports: [{ port: 80 }, { port: 70000, name: "b" }] } }, undefined, [
      "spec.ports[0].name: Required value",
      "spec.ports[1].port: Invalid value: 70000: must be between 1 and 65535, inclusive",
      "spec.ports[1].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
    ]],
    ["Service", { spec: { ports: [{ port: 80 }], clusterIP: "10.96.0.9" } }, {
      spec: { ports: [{ port: 80 }], clusterIP: "10.96.0.8" },
    }, [
      'spec.clusterIPs[0]: Invalid value: ["10.96.0.9"]: may not change once set',
    ]],
    ["ConfigMap", { data: { "a b": "" } }, undefined, [
      "data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ]],
    ["ConfigMap", { data: { a: "2" }, immutable: true }, { data: { a: "1" }, immutable: true }, [
      "data: Forbidden: field is immutable when `immutable` is set",
    ]],
    ["Secret", { type: "kubernetes.io/tls", data: { "tls.crt": "" } }, undefined, ["data[tls.key]: Required value"]],
    ["Secret", { type: "a" }, { type: "b" }, ['type: Invalid value: "a": field is immutable']],
    [
      "Ingress",
      {
        spec: {
          rules: [{ http: { paths: [{ path: "x", backend: { service: { name: "s", port: { number: 80 } } } }] } }],
        },
      },
      undefined,
      [
        "spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified",
      ],
    ],
    ["RoleBinding", { roleRef: { kind: "Role", name: "a" } }, { roleRef: { kind: "Role", name: "b" } }, [
      'roleRef: Invalid value: {"kind":"Role","name":"a","apiGroup":"rbac.authorization.k8s.io"}: cannot change roleRef',
    ]],
    [
      "CronJob",
      { spec: { schedule: "x", jobTemplate: { spec: { template: { spec: { ...POD, restartPolicy: "Never" } } } } } },
      undefined,
      [
        'spec.schedule: Invalid value: "x": expected exactly 5 fields, found 1: [x]',
      ],
    ],
    [
      "HorizontalPodAutoscaler",
      { spec: { minReplicas: 3, maxReplicas: 2, scaleTargetRef: { kind: "D", name: "d" } } },
      undefined,
      [
        "spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`",
      ],
    ],
  ];

for (const [name, object, old, errors] of REFUSED) {
  Deno.test(`check of a ${old === undefined ? "new" : "changed"} ${name} says ${errors[0]?.slice(0, 60) ?? "nothing"}`, () => {
    assert.deepEqual(problems(name, object, old), errors);
  });
}

function row(name: string, object: Record<string, unknown>): string {
  const metadata = {
    name: "x",
    creationTimestamp: "2024-01-01T00:00:00Z",
    ...(isObject(object["metadata"]) ? object["metadata"] : {}),
  };
  const full: KubeObject = { apiVersion: "v1", kind: name, ...object, metadata };
  const columns = kindOf(name).versions[0]?.columns ?? [];
  return columns.filter((column) => (column.priority ?? 0) === 0).map((column) => column.cell?.(full, NOW)).join(" | ");
}

const running = { ready: true, restartCount: 2, state: { running: {} } };

const ROWS: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ["Pod", {
    spec: { containers: [{}, {}] },
    status: { phase: "Running", containerStatuses: [running, { ...running, ready: false }] },
  }, "1/2 | Running | 4 | 24h"],
  ["Pod", {
    spec: { containers: [{}] },
    status: { phase: "Pending", containerStatuses: [{ state: { waiting: { reason: "CrashLoopBackOff" } } }] },
  }, "0/1 | CrashLoopBackOff | 0 | 24h"],
  ["Pod", {
    spec: { containers: [{}], initContainers: [{ name: "i" }] },
    status: { phase: "Pending", initContainerStatuses: [{ name: "i", state: { running: {} } }] },
  }, "0/1 | Init:0/1 | 0 | 24h"],
  ["Pod", {
    metadata: { deletionTimestamp: "2024-01-01T00:00:00Z" },
    spec: { containers: [{}] },
    status: { phase: "Running" },
  }, "0/1 | Terminating | 0 | 24h"],
  [
    "Deployment",
    { spec: { replicas: 3 }, status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 1 } },
    "2/3 | 3 | 1 | 24h",
  ],
  ["Service", {
    spec: { type: "LoadBalancer", clusterIP: "10.96.0.1", ports: [{ port: 80, nodePort: 30000, protocol: "TCP" }] },
  }, "LoadBalancer | 10.96.0.1 | <pending> | 80:30000/TCP | 24h"],
  ["Job", {
    spec: { completions: 1 },
    status: {
      succeeded: 1,
      startTime: "2024-01-01T00:00:00Z",
      completionTime: "2024-01-01T00:00:05Z",
      conditions: [{ type: "Complete", status: "True" }],
    },
  }, "Complete | 1/1 | 5s | 24h"],
  ["Event", {
    lastTimestamp: "2024-01-01T23:59:00Z",
    type: "Normal",
    reason: "R",
    involvedObject: { kind: "Pod", name: "p" },
    message: "m\n",
  }, "60s | Normal | R | pod/p | m"],
  ["Node", {
    metadata: { labels: { "node-role.kubernetes.io/worker": "" } },
    status: { conditions: [{ type: "Ready", status: "True" }], nodeInfo: { kubeletVersion: "v1" } },
  }, "Ready | worker | 24h | v1"],
  ["PodDisruptionBudget", { spec: { minAvailable: 1 } }, "1 | N/A | 0 | 24h"],
];

for (const [name, object, expected] of ROWS) {
  Deno.test(`kubectl get shows a ${name} as ${expected}`, () => assert.equal(row(name, object), expected));
}

const AGES: readonly (readonly [number, string])[] = [
  [-2000, "<invalid>"],
  [0, "0s"],
  [119_000, "119s"],
  [120_000, "2m"],
  [200_000, "3m20s"],
  [3_000_000, "50m"],
  [4 * 3_600_000 + 60_000, "4h1m"],
  [30 * 3_600_000, "30h"],
  [3 * 86_400_000, "3d"],
  [400 * 86_400_000, "400d"],
  [900 * 86_400_000, "2y170d"],
  [4000 * 86_400_000, "10y"],
];

Deno.test("humanDuration() grows coarser with the duration", () => {
  for (const [duration, text] of AGES) assert.equal(humanDuration(duration), text);
  assert.equal(ageOf(undefined, NOW), "<unknown>");
});

Deno.test("autoscalers convert between their versions without loss of the CPU target", () => {
  const kind = kindOf("HorizontalPodAutoscaler");
  const v1 = kind.versions.find(({ name }) => name === "v1");
  const object: KubeObject = {
    apiVersion: "autoscaling/v1",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "x" },
    spec: { maxReplicas: 2, targetCPUUtilizationPercentage: 70 },
    status: {},
  };
  const converted = v1?.toStorage?.(object);
  assert.equal(at(converted, "spec.metrics.0.resource.target.averageUtilization"), 70);
  assert.ok(converted);
  assert.deepEqual(v1?.fromStorage?.(converted), object);
});

Deno.test("events convert between their groups", () => {
  const version = builtinKinds.find(({ group, kind }) => group === "events.k8s.io" && kind === "Event")?.versions[0];
  const event: KubeObject = {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name: "x" },
    regarding: { kind: "Pod" },
    note: "n",
  };
  const core = version?.toStorage?.(event);
  assert.equal(core?.["message"], "n");
  assert.ok(core);
  assert.deepEqual(version?.fromStorage?.(core), event);
});
