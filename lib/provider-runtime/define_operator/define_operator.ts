/** `defineOperator`: from four functions and a schema to an operator. */
import { CommanderError } from "../../deps/commander.ts";
import type { TObject } from "../../deps/typebox.ts";
import { controllerOf } from "./controller.ts";
import { crdOf, resourceOf } from "./crd.ts";
import { deploymentOf, rbacOf } from "./deploy.ts";
import { commandOf } from "./run.ts";
import type { Operator, OperatorDefinition } from "./types.ts";

/**
 * Makes an operator of a definition: its CRD with immutability rules, its rights, its controller with everything that Krateo's
 * managed resources have (pause, management policies, creation safety, conditions, an Event at every change of one), and its
 * process.
 *
 * `Ready` is computed: `Creating` and `Deleting` while that is so, then `Available` or `Unavailable` as `observe` says.
 *
 * @throws {DefinitionError} A schema that a CRD cannot express, a field that does not exist, a bad name.
 */
export function defineOperator<Spec extends TObject, Status extends TObject, Connection>(
  definition: OperatorDefinition<Spec, Status, Connection>,
): Operator {
  const resource = resourceOf(definition);
  const crd = crdOf(definition);
  const operator: Operator = {
    crd: () => structuredClone(crd),
    rbac: (options) => rbacOf(resource, definition.secretRefs !== undefined, options),
    deployment: (image, options) => deploymentOf(resource, image, options),
    controller: (client, options = {}) => controllerOf(definition, resource, client, options),
    async run(args, options = {}) {
      try {
        await commandOf(operator, resource, options).parseAsync([...args ?? Deno.args], { from: "user" });
      } catch (error) {
        // It has told the user already. A caller that gave the arguments wants to know; a process just ends.
        if (!(error instanceof CommanderError) || (args !== undefined && error.exitCode !== 0)) throw error;
        Deno.exitCode = error.exitCode;
      }
    },
  };
  return operator;
}
