/**
 * Text, actions and branches.
 *
 * @module
 */
import { enter } from "../exec/execution.ts";
import { iterate } from "../exec/iterate.ts";
import { print } from "../exec/print.ts";
import { truth } from "../exec/truth.ts";
import type { ActionNode, BranchNode, ListNode, Statement, TemplateNode } from "../parse/node.ts";
import type { DefinitionScope } from "./code.ts";
import { type Dot, Expressions } from "./expression.ts";
import type { Frame, Run } from "./frame.ts";
import { Variables } from "./variables.ts";

/** The body of a definition, and the size of the frame that it runs on. */
export interface Body {
  readonly run: Run;
  readonly slots: number;
  readonly loops: number;
}

/** Compiles the body of a definition. */
export function bodyOf(list: ListNode, unit: DefinitionScope): Body {
  const { run, variables } = compiled(list, unit, 0);
  if (!variables.assignsRoot) return { run, slots: variables.slots, loops: variables.loops };
  const apart = compiled(list, unit, 1);
  const withRoot: Run = (frame) => {
    frame.slots[1] = frame.slots[0];
    return apart.run(frame);
  };
  return { run: withRoot, slots: apart.variables.slots, loops: apart.variables.loops };
}

/** A body whose `$` is in a slot: that of its dot, unless `$` is assigned to. */
function compiled(list: ListNode, unit: DefinitionScope, root: number) {
  const statements = new Statements(unit, new Variables(root));
  return { run: statements.list(list, { slot: 0, boxed: undefined }), variables: statements.variables };
}

class Statements {
  readonly #expressions: Expressions;

  constructor(private readonly unit: DefinitionScope, readonly variables: Variables) {
    this.#expressions = new Expressions(unit, variables);
  }

  list(list: ListNode, dot: Dot): Run {
    const runs = list.nodes.map((node) => this.#statement(node, dot));
    const [first] = runs;
    if (first !== undefined && runs.length === 1) return first;
    return (frame) => {
      for (const run of runs) {
        const signal = run(frame);
        if (signal !== "done") return signal;
      }
      return "done";
    };
  }

  #statement(node: Statement, dot: Dot): Run {
    switch (node.kind) {
      case "text":
        return textOf(node.text);
      case "action":
        return this.#action(node, dot);
      case "if":
        return this.variables.scoped(() => this.#if(node, dot));
      case "with":
        return this.variables.scoped(() => this.#with(node, dot));
      case "range":
        return this.variables.scoped(() => this.#range(node, dot));
      case "template":
        return this.#template(node, dot);
      case "break":
        return () => "break";
      case "continue":
        return () => "continue";
    }
  }

  #action(node: ActionNode, dot: Dot): Run {
    const { run } = this.#expressions.pipeline(node.pipe, dot);
    if (node.pipe.declared.length > 0) {
      return (frame) => {
        run(frame);
        return "done";
      };
    }
    const place = this.unit.place(node);
    return (frame) => {
      const value = run(frame);
      frame.output += typeof value === "string" ? value : print(value, place, node);
      return "done";
    };
  }

  #if(node: BranchNode, dot: Dot): Run {
    const { run } = this.#expressions.pipeline(node.pipe, dot);
    const then = this.#scope(node.list, dot);
    const otherwise = this.#else(node, dot);
    return (frame) => truth(run(frame)) ? then(frame) : otherwise(frame);
  }

  #with(node: BranchNode, dot: Dot): Run {
    const { run } = this.#expressions.pipeline(node.pipe, dot);
    const slot = this.variables.unnamed();
    const then = this.#scope(node.list, { slot, boxed: undefined });
    const otherwise = this.#else(node, dot);
    return (frame) => {
      const value = run(frame);
      if (!truth(value)) return otherwise(frame);
      frame.slots[slot] = value;
      return then(frame);
    };
  }

  #else({ elseList }: BranchNode, dot: Dot): Run {
    return elseList === undefined ? () => "done" : this.#scope(elseList, dot);
  }

  #scope(list: ListNode, dot: Dot): Run {
    return this.variables.scoped(() => this.list(list, dot));
  }

  #range(node: BranchNode, dot: Dot): Run {
    const { declared } = node.pipe;
    const { run, place } = this.#expressions.pipeline(node.pipe, dot);
    const slots = declared.map(({ path: [name] }) => this.variables.find(name)?.slot ?? this.variables.unnamed());
    const [keySlot, elementSlot] = slots.length === 2 ? slots : [undefined, slots[0]];
    const [loop, slot] = [this.variables.loop(), this.variables.unnamed()];
    const body = this.variables.scoped(() => {
      if (elementSlot !== undefined) this.variables.box(elementSlot, loop);
      return this.list(node.list, { slot, boxed: loop });
    });
    const otherwise = this.#else(node, dot);
    return (frame) => {
      const items = iterate(run(frame), declared.length, place);
      if (items.length === 0) return otherwise(frame);
      const { budget } = frame.execution;
      frame.loops[loop] = items;
      for (let step = 0; step < items.length; step++) {
        if (--budget.fuel < 0) budget.check(frame.output.length);
        const element = items.item(step);
        frame.slots[slot] = element;
        if (keySlot !== undefined) frame.slots[keySlot] = items.key(step);
        if (elementSlot !== undefined) frame.slots[elementSlot] = element;
        if (body(frame) === "break") break;
      }
      return "done";
    };
  }

  #template(node: TemplateNode, dot: Dot): Run {
    const { name, pipe } = node;
    const place = this.unit.place(node);
    const value = pipe === undefined ? undefined : this.#expressions.pipeline(pipe, dot).run;
    return (frame) => {
      const { execution } = frame;
      const target = enter(execution, name, place);
      const inner = value?.(frame);
      frame.at = ~place;
      frame.output += target(execution, inner);
      execution.depth--;
      if (frame.output.length > execution.budget.output) execution.budget.tooLong();
      return "done";
    };
  }
}

function textOf(text: string): Run {
  return (frame: Frame) => {
    frame.output += text;
    return "done";
  };
}
