/** The same as `watch.ts`, with the informer of `@kubernetes/client-node`. */

/** What is used of that package. Its types would bring others, which change how the whole repository is checked. */
interface ClientNode {
  readonly CoreV1Api: unknown;
  readonly KubeConfig: new () => {
    loadFromFile(path: string): void;
    makeApiClient(api: unknown): { listConfigMapForAllNamespaces(): Promise<unknown> };
  };
  makeInformer(config: unknown, path: string, list: () => Promise<unknown>): {
    on(verb: "update" | "error", handler: (value: unknown) => void): void;
    start(): Promise<void>;
    list(): readonly unknown[];
  };
}

const PACKAGE = "npm:@kubernetes/client-node@2.0.1";
const { CoreV1Api, KubeConfig, makeInformer }: ClientNode = await import(PACKAGE);

const [kubeconfig = "", expected = "0"] = Deno.args;
const config = new KubeConfig();
config.loadFromFile(kubeconfig);
const api = config.makeApiClient(CoreV1Api);
const informer = makeInformer(config, "/api/v1/configmaps", () => api.listConfigMapForAllNamespaces());

let seen = 0;
informer.on("update", () => {
  if (++seen === Number(expected)) console.log(JSON.stringify({ done: seen }));
});
informer.on("error", (error) => {
  throw error;
});
await informer.start();
console.log(JSON.stringify({ ready: informer.list().length }));
await new Response(Deno.stdin.readable).bytes();
Deno.exit(0); // its connections would keep the process
