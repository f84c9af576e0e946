/** The files of a new operator. */
import { defineOperator, secretRef, Type } from "../../lib/mod.ts";
import { emitYaml } from "../../lib/yaml/mod.ts";
import { DOCKERFILE, OPERATOR, OPERATOR_TEST } from "./texts.ts";

/** The names of one operator. */
export interface OperatorNames {
  /** `Ticket` */
  readonly kind: string;
  /** `tickets` */
  readonly plural: string;
  /** `ticket-operator` */
  readonly operator: string;
  /** `example.org` */
  readonly group: string;
}

/**
 * The names that follow from a kind, however it is written: `Ticket`, `ticket`, `support-ticket`.
 *
 * @throws {Error} It is no name.
 */
export function operatorNames(name: string, group: string): OperatorNames {
  if (!/^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$/.test(name)) {
    throw new Error(`Cannot name a kind "${name}": use letters and digits, e.g. Ticket`);
  }
  const kind = name.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  const crd = templateOf(kind, group).crd();
  const [plural = ""] = crd.metadata.name.split(".");
  return { kind, plural, operator: `${kind.toLowerCase()}-operator`, group };
}

/** Contents by path. */
export function scaffold(names: OperatorNames, lib: string): Readonly<Record<string, string>> {
  const operator = templateOf(names.kind, names.group);
  const manifests = [operator.crd(), ...operator.rbac(), operator.deployment(names.operator)];
  return {
    "operator.ts": fill(OPERATOR, names),
    "operator_test.ts": fill(OPERATOR_TEST, names),
    "deno.json": JSON.stringify(projectOf(names, lib), null, 2) + "\n",
    "Dockerfile": fill(DOCKERFILE, names),
    "manifests/operator.yaml": manifests.map((manifest) => emitYaml(manifest)).join("---\n"),
    "manifests/sample.yaml": emitYaml(sampleOf(names)),
  };
}

/** The definition in {@linkcode OPERATOR}, as far as manifests are made of it; a test compares the two. */
function templateOf(kind: string, group: string) {
  const nothing = () => Promise.resolve();
  return defineOperator({
    group,
    version: "v1alpha1",
    kind,
    scope: "Namespaced",
    spec: Type.Object({
      url: Type.String({ description: "Base URL of the API" }),
      title: Type.String({ description: "What the item is called" }),
      credentials: Type.Optional(secretRef),
    }),
    status: Type.Object({ title: Type.String() }),
    immutable: ["url"],
    secretRefs: ({ credentials }) => [credentials],
    connect: nothing,
    observe: () => Promise.resolve({ exists: true }),
    create: nothing,
    update: nothing,
    delete: nothing,
  });
}

function projectOf({ operator }: OperatorNames, lib: string): unknown {
  const run = "deno run -A operator.ts";
  return {
    imports: { kco: lib },
    nodeModulesDir: "none",
    compilerOptions: { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
    tasks: {
      dev: `${run} --install`,
      test: "deno test -A",
      manifests: `${run} manifests --image ${operator}`,
      build: "deno bundle --platform deno -o dist/operator.js operator.ts",
    },
  };
}

function sampleOf({ kind, group }: OperatorNames): unknown {
  return {
    apiVersion: `${group}/v1alpha1`,
    kind,
    metadata: { name: "first", namespace: "default" },
    spec: { url: "http://localhost:3000/items", title: "My first item" },
  };
}

function fill(text: string, { kind, plural, operator, group }: OperatorNames): string {
  const values: Readonly<Record<string, string>> = { KIND: kind, PLURAL: plural, OPERATOR: operator, GROUP: group };
  return text.replaceAll(/__([A-Z]+)__/g, (mark, name: string) => values[name] ?? mark);
}
