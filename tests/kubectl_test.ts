/** kubectl as it is on this machine, against the embedded API server. */
import assert from "node:assert/strict";
import { type ApiServer, startApiServer } from "../lib/apiserver/mod.ts";

interface Output {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs kubectl; `stdin` is what it reads of `-f -`. */
type Kubectl = (args: readonly string[], stdin?: string, env?: Record<string, string>) => Promise<Output>;

async function run(args: readonly string[], stdin: string, env: Record<string, string>): Promise<Output> {
  const child = new Deno.Command("kubectl", { args: [...args], env, stdin: "piped", stdout: "piped", stderr: "piped" })
    .spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

async function isMissing(): Promise<boolean> {
  try {
    await new Deno.Command("kubectl", { args: ["version", "--client"], stdout: "null", stderr: "null" }).output();
    return false;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}

const ignore = await isMissing();

function kubectlTest(name: string, body: (kubectl: Kubectl, server: ApiServer) => Promise<void>): void {
  Deno.test({
    name: `kubectl ${name}`,
    ignore,
    fn: async () => {
      const home = await Deno.makeTempDir();
      const server = await startApiServer({ simulateWorkloads: true, simulationDelay: 10 });
      try {
        const kubeconfig = `${home}/kubeconfig`;
        await Deno.writeTextFile(kubeconfig, server.kubeconfig());
        const kubectl: Kubectl = (args, stdin = "", env = {}) =>
          run(args, stdin, { HOME: home, KUBECONFIG: kubeconfig, KUBECACHEDIR: `${home}/cache`, ...env });
        await body(kubectl, server);
      } finally {
        await server.close();
        await Deno.remove(home, { recursive: true });
      }
    },
  });
}

function succeeded({ code, out, err }: Output): string {
  assert.equal(code, 0, `${out}\n${err}`);
  return out;
}

const WORKLOAD = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: c, image: "web:1", ports: [{containerPort: 80}]}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;

const DEFINITION = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, kind: Widget, shortNames: [wd]}
  versions:
  - name: v1
    served: true
    storage: true
    additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
    subresources: {status: {}, scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            description: What the widget is to be.
            properties: {size: {type: integer, default: 3, minimum: 1}, replicas: {type: integer}}
          status: {type: object, x-kubernetes-preserve-unknown-fields: true}
`;

const widget = (spec: string) => `---\n{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}, spec: ${spec}}`;

kubectlTest("applies, shows, scales, patches, waits for and deletes a workload", async (kubectl) => {
  succeeded(await kubectl(["apply", "-f", "-"], WORKLOAD));
  succeeded(await kubectl(["rollout", "status", "deployment/web", "--timeout=10s"]));
  succeeded(await kubectl(["wait", "--for=condition=Available", "deployment/web", "--timeout=10s"]));
  assert.match(succeeded(await kubectl(["get", "all", "-A"])), /deployment\.apps\/web\s+2\/2/);
  assert.match(succeeded(await kubectl(["get", "pods", "-l", "app=web", "-o", "wide"])), /web-\S+\s+1\/1\s+Running/);
  assert.match(
    succeeded(await kubectl(["describe", "deployment", "web"])),
    /MinimumReplicasAvailable[\s\S]*\(simulated\)/,
  );
  succeeded(await kubectl(["scale", "deployment/web", "--replicas=3"]));
  succeeded(await kubectl(["label", "deployment/web", "tier=front"]));
  succeeded(await kubectl(["annotate", "deployment/web", "note=hello"]));
  succeeded(
    await kubectl([
      "patch",
      "deployment/web",
      "-p",
      '{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"web:2"}]}}}}',
    ]),
  );
  const paths =
    "{.spec.replicas} {.metadata.labels.tier} {.metadata.annotations.note} {.spec.template.spec.containers[*].image}";
  assert.equal(succeeded(await kubectl(["get", "deployment/web", "-o", `jsonpath=${paths}`])), "3 front hello web:2");
  succeeded(await kubectl(["delete", "deployment/web", "--timeout=10s"]));
  succeeded(await kubectl(["wait", "--for=delete", "pod", "-l", "app=web", "--timeout=10s"]));
});

kubectlTest("applies again, on the server too, and shows the difference first", async (kubectl) => {
  succeeded(await kubectl(["apply", "--server-side", "-f", "-"], WORKLOAD));
  assert.equal((await kubectl(["diff", "--server-side", "-f", "-"], WORKLOAD)).code, 0);
  const changed = WORKLOAD.replace("replicas: 2", "replicas: 4");
  const diff = await kubectl(["diff", "--server-side", "-f", "-"], changed);
  assert.equal(diff.code, 1, diff.err);
  assert.match(diff.out, /-\s+replicas: 2\n\+\s+replicas: 4/);
  succeeded(await kubectl(["scale", "deployment/web", "--replicas=5"]));
  const conflict = await kubectl(["apply", "--server-side", "-f", "-"], changed);
  assert.notEqual(conflict.code, 0);
  assert.match(conflict.err, /conflict with "kubectl" with subresource "scale" using apps\/v1: \.spec\.replicas/);
  succeeded(await kubectl(["apply", "--server-side", "--force-conflicts", "-f", "-"], changed));
});

kubectlTest("knows the kinds of a definition as it knows the others", async (kubectl) => {
  succeeded(await kubectl(["apply", "-f", "-"], DEFINITION));
  succeeded(await kubectl(["wait", "--for=condition=Established", "crd/widgets.example.com", "--timeout=10s"]));
  assert.match(
    succeeded(await kubectl(["api-resources", "--api-group=example.com"])),
    /widgets\s+wd\s+example\.com\/v1\s+true\s+Widget/,
  );
  const unknown = await kubectl(["apply", "-f", "-"], widget("{bogus: 1}"));
  assert.match(unknown.err, /strict decoding error: unknown field "spec\.bogus"/);
  const wrong = await kubectl(["apply", "-f", "-"], widget("{size: 0}"));
  assert.match(wrong.err, /The Widget "w" is invalid: spec\.size: Invalid value: 0: .*greater than or equal to 1/);
  succeeded(await kubectl(["apply", "-f", "-"], widget("{replicas: 1}")));
  succeeded(await kubectl(["apply", "-f", "-"], widget("{replicas: 2}")));
  assert.match(succeeded(await kubectl(["get", "wd"])), /^NAME\s+SIZE\nw\s+3\n$/);
  succeeded(await kubectl(["scale", "widget/w", "--replicas=4"]));
  assert.equal(succeeded(await kubectl(["get", "widget/w", "-o", "jsonpath={.spec.replicas}"])), "4");
  assert.match(succeeded(await kubectl(["explain", "widget.spec"])), /What the widget is to be/);
  succeeded(await kubectl(["delete", "crd", "widgets.example.com", "--timeout=10s"]));
  assert.notEqual((await kubectl(["get", "widgets"])).code, 0);
});

kubectlTest("watches", async (kubectl, server) => {
  const watching = kubectl(["get", "configmap", "-w", "--request-timeout=2s"]);
  const made = await kubectl(
    ["create", "-f", "-"],
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"seen"},"data":{"a":"b"}}',
  );
  succeeded(made);
  assert.match((await watching).out, /^NAME\s+DATA\s+AGE\n[\s\S]*seen\s+1\s+\d+s/);
  assert.match(server.url, /^https:/);
});

kubectlTest("edits, replaces, explains and lists", async (kubectl) => {
  succeeded(
    await kubectl(
      ["create", "-f", "-"],
      '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"one"},"data":{"a":"b"}},{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"two"}}]}',
    ),
  );
  succeeded(await kubectl(["edit", "configmap", "one"], "", { KUBE_EDITOR: "sed -i 's/a: b/a: c/'" }));
  assert.equal(succeeded(await kubectl(["get", "cm", "one", "-o", "jsonpath={.data.a}"])), "c");
  const yaml = succeeded(await kubectl(["get", "cm", "one", "-o", "yaml"]));
  succeeded(await kubectl(["replace", "-f", "-"], yaml.replace("a: c", "a: d")));
  assert.match(succeeded(await kubectl(["explain", "deployment.spec.strategy"])), /rollingUpdate/);
  assert.match(succeeded(await kubectl(["api-versions"])), /^apps\/v1$/m);
});

kubectlTest("creates by command, for which it sends protobuf", async (kubectl) => {
  succeeded(await kubectl(["create", "namespace", "made"]));
  succeeded(await kubectl(["create", "configmap", "c", "-n", "made", "--from-literal=a=b"]));
  succeeded(await kubectl(["create", "secret", "generic", "s", "-n", "made", "--from-literal=a=b"]));
  succeeded(await kubectl(["create", "deployment", "d", "-n", "made", "--image=i", "--replicas=0", "--port=80"]));
  succeeded(await kubectl(["create", "service", "clusterip", "v", "-n", "made", "--tcp=80:http"]));
  assert.equal(succeeded(await kubectl(["get", "cm", "c", "-n", "made", "-o", "jsonpath={.data}"])), '{"a":"b"}');
  assert.equal(succeeded(await kubectl(["get", "deploy", "d", "-n", "made", "-o", "jsonpath={.spec.replicas}"])), "0");
  assert.equal(
    succeeded(await kubectl(["get", "svc", "v", "-n", "made", "-o", "jsonpath={.spec.ports[0].targetPort}"])),
    "http",
  );
  assert.match(succeeded(await kubectl(["auth", "can-i", "create", "pods"])), /yes/);
  const unread = await kubectl(["create", "quota", "q", "--hard=pods=1"]);
  assert.match(unread.err, /send JSON, e\.g\. with "kubectl create -f"/);
  succeeded(await kubectl(["delete", "namespace", "made", "--timeout=10s"]));
});

kubectlTest("is told what there is not", async (kubectl) => {
  succeeded(
    await kubectl(
      ["create", "-f", "-"],
      "---\n{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}",
    ),
  );
  assert.match((await kubectl(["logs", "p"])).err, /runs no containers/);
  for (const args of [["exec", "p", "--", "ls"], ["attach", "p"], ["cp", "p:/etc/hosts", "-"]]) {
    const { code, err } = await kubectl(args);
    assert.equal(code, 1, args[0]);
    assert.match(err, /error: pods\/\w+ of "p": the embedded API server runs no containers/, args[0]);
  }
  assert.match((await kubectl(["exec", "nobody", "--", "ls"])).err, /pods "nobody" not found/);
  assert.match((await kubectl(["top", "pod"])).err, /Metrics API not available/);
  assert.match((await kubectl(["get", "nonsense"])).err, /doesn't have a resource type "nonsense"/);
});
