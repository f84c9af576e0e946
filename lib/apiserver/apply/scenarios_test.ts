import assert from "node:assert/strict";
import type { KubeObject } from "../../kube/mod.ts";
import type { StructuralSchema } from "../../schema/mod.ts";
import { builtinKinds } from "../builtin/mod.ts";
import { cloneJson, equalJson } from "../json_value.ts";
import { mergePatch } from "../patch/mod.ts";
import { schemaEngine } from "../schema/mod.ts";
import { ApplyError, fieldManager } from "./mod.ts";
import data from "./testdata/scenarios.json" with { type: "json" };

/** What a real kube-apiserver said is beside every step: `tools/record_scenarios.ts`. */
interface Step {
  readonly verb: string;
  readonly manager: string;
  readonly force?: boolean;
  readonly body: object;
  readonly expected: { readonly code: number; readonly message?: string; readonly managedFields?: unknown };
}

const definition = data.definition as StructuralSchema;
const NOW = "2024-01-01T00:00:00Z";

function schemaOf(resource: string): StructuralSchema {
  if (resource === "things") return definition;
  const schema = builtinKinds.find((kind) => kind.plural === resource)?.versions[0]?.schema();
  assert.ok(schema, `no schema of ${resource}`);
  return schema;
}

/** The write path around field management, as far as it bears on it. */
function take(schema: StructuralSchema, live: KubeObject | undefined, step: Step): KubeObject | string {
  const body = cloneJson(step.body) as KubeObject;
  if (step.verb === "apply") {
    try {
      const { object, conflicts } = fieldManager.apply({
        schema,
        live,
        config: body,
        manager: step.manager,
        force: step.force === true,
        now: NOW,
      });
      return conflicts.length > 0
        ? conflicts.map(({ field }) => field).sort().join(" ")
        : fit(schema, cloneJson(object));
    } catch (error) {
      if (error instanceof ApplyError) return error.message;
      throw error;
    }
  }
  const next = fit(schema, step.verb === "create" ? body : mergePatch(cloneJson(live), body) as KubeObject);
  next.metadata.managedFields = fieldManager.updated({ schema, live, next, manager: step.manager, now: NOW });
  return next;
}

function fit(schema: StructuralSchema, object: KubeObject): KubeObject {
  schemaEngine.prune(schema, object);
  schemaEngine.applyDefaults(schema, object);
  return object;
}

/** The fields that the server's sentence about conflicts names. */
function conflictingFields(message: string): string {
  return [...message.matchAll(/(?:^- |: )(\.\S+)/gm)].map((match) => match[1] ?? "").sort().join(" ");
}

for (const scenario of data.scenarios) {
  Deno.test(`fieldManager does what the real server does: ${scenario.name}`, () => {
    const schema = schemaOf(scenario.resource);
    let live: KubeObject | undefined;
    for (const [index, step] of (scenario.steps as Step[]).entries()) {
      const outcome = take(schema, live, step);
      const { expected } = step;
      const where = `step ${index + 1}`;
      if (typeof outcome === "string") {
        const message = expected.message ?? `accepted with ${expected.code}`;
        // The real server lists its findings in any order.
        const lines = (text: string) => text.split("\n").sort();
        assert.deepEqual(lines(outcome), lines(expected.code === 409 ? conflictingFields(message) : message), where);
        continue;
      }
      const { managedFields, ...metadata } = outcome.metadata;
      const told = (managedFields ?? []).map((entry) => ({ ...entry, time: entry.time !== undefined }));
      assert.deepEqual(sortedEntries(told), sortedEntries(expected.managedFields), where);
      const content = contentOf({ ...outcome, metadata });
      assert.ok(equalJson(content, contentOf(expected)), `${where}: ${JSON.stringify(content)}`);
      live = outcome;
    }
  });
}

/** All steps have one time here, and the real server's had several: entries are compared by manager. */
function sortedEntries(entries: unknown): unknown {
  const list = Array.isArray(entries) ? entries as { manager: string; operation: string }[] : [];
  return list.map((entry) => [`${entry.manager} ${entry.operation}`, entry] as const).sort(([a], [b]) =>
    a < b ? -1 : 1
  );
}

/** What is compared besides ownership. Addresses and what else the server allocates are not the apply's. */
function contentOf(object: object): unknown {
  const { metadata, spec, data } = object as KubeObject;
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  const { clusterIP: _, clusterIPs: __, ipFamilies: ___, ipFamilyPolicy: ____, ...rest } = (spec ?? {}) as Record<
    string,
    unknown
  >;
  return { labels, annotations, finalizers, ownerReferences, spec: rest, data };
}
