/** Who judges a document: Helm (as a JSON-lines program or the helm binary) and an API server. */
import type { StructuralSchema } from "../../lib/schema/mod.ts";
import { schemaEngine } from "../../lib/apiserver/schema/mod.ts";
import type { CustomResourceDefinition } from "../../controllers/core-provider/crd/mod.ts";
import type { Document } from "./documents.ts";

/** A judgement. */
export interface Judgement {
  readonly accepted: boolean;
  /** Why not. */
  readonly reason: string;
  /** What Helm renders (its text, or the values that templates see), or what the API server stores. */
  readonly outcome: unknown;
}

/** Judges documents. */
export interface Judge {
  judge(document: Document): Promise<Judgement>;
  close(): Promise<void>;
}

/** `helm template CHART -f -`: slow, exact, and it renders. */
export function helmBinary(helm: string, chart: string): Judge {
  return {
    async judge(document) {
      const process = new Deno.Command(helm, {
        args: ["template", "release", chart, "--namespace", "ns", "--values", "-"],
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const writer = process.stdin.getWriter();
      await writer.write(new TextEncoder().encode(JSON.stringify(document)));
      await writer.close();
      const { success, stdout, stderr } = await process.output();
      const reason = new TextDecoder().decode(stderr);
      // A template that fails has passed the schema.
      const accepted = success ||
        !/values don't meet the specifications|invalid type for values|type mismatch on/.test(reason);
      return { accepted, reason, outcome: success ? new TextDecoder().decode(stdout) : undefined };
    },
    close: () => Promise.resolve(),
  };
}

/** A program that reads `{chart, values}` lines and answers `{ok, error, values}` lines: Helm's own code without rendering. */
export function helmProgram(command: string, chart: string): Judge {
  const process = new Deno.Command(command, { stdin: "piped", stdout: "piped", stderr: "inherit" }).spawn();
  const writer = process.stdin.getWriter();
  const lines = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  return {
    async judge(values) {
      await writer.write(new TextEncoder().encode(`${JSON.stringify({ chart, values })}\n`));
      while (!rest.includes("\n")) {
        const { value, done } = await lines.read();
        if (done) throw new Error(`${command} ended`);
        rest += value;
      }
      const end = rest.indexOf("\n");
      const { ok, error, values: outcome } = JSON.parse(rest.slice(0, end));
      rest = rest.slice(end + 1);
      return { accepted: ok, reason: error ?? "", outcome };
    },
    async close() {
      await writer.close();
      await lines.cancel();
      await process.status;
    },
  };
}

/** The embedded API server's schema engine. */
export function embedded(crd: CustomResourceDefinition): Judge {
  const schema: StructuralSchema = crd.spec.versions[0]?.schema.openAPIV3Schema ?? {};
  return {
    judge(document) {
      const object = { apiVersion: "v1", kind: "K", metadata: { name: "x" }, spec: structuredClone(document) };
      const unknown = schemaEngine.prune(schema, object);
      schemaEngine.applyDefaults(schema, object);
      const errors = schemaEngine.validate(schema, object, undefined);
      const reason = [
        ...unknown.map((path) => `unknown field ${path}`),
        ...errors.map(({ field, message }) => `${field}: ${message}`),
      ];
      return Promise.resolve({ accepted: reason.length === 0, reason: reason.join("; "), outcome: object.spec });
    },
    close: () => Promise.resolve(),
  };
}

/** A running API server: strict creates that store nothing. */
export async function apiServer(
  url: string,
  token: string,
  caCert: string | undefined,
  crd: CustomResourceDefinition,
): Promise<Judge> {
  const client = Deno.createHttpClient(caCert === undefined ? {} : { caCerts: [caCert] });
  const send = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(url + path, {
      method,
      client,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // Until a new kind is served, its path answers with plain text.
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : { message: text } };
  };
  const { group, names: { plural, kind }, versions: [version] } = crd.spec;
  const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const wait = async (path: string, ready: (status: number) => boolean) => {
    for (let tries = 0; tries < 400; tries++) {
      if (ready((await send("GET", path)).status)) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`${path} is not ready`);
  };
  await send("DELETE", `${crds}/${crd.metadata.name}`);
  await wait(`${crds}/${crd.metadata.name}`, (status) => status === 404);
  const made = await send("POST", crds, crd);
  if (made.status !== 201) throw new Error(`The API server refuses the CRD: ${made.body.message}`);
  const path = `/apis/${group}/${version?.name}/namespaces/default/${plural}`;
  await wait(path, (status) => status === 200);
  return {
    async judge(spec) {
      const object = { apiVersion: `${group}/${version?.name}`, kind, metadata: { name: "x" }, spec };
      const { status, body } = await send("POST", `${path}?dryRun=All&fieldValidation=Strict`, object);
      return { accepted: status === 201, reason: body.message ?? "", outcome: body.spec };
    },
    async close() {
      await send("DELETE", `${crds}/${crd.metadata.name}`);
      client.close();
    },
  };
}
