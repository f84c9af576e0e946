/** Sprig's regular expressions. Matching time is linear in the text, whatever the expression. */
import { compilePanic, GoRegexp, quoteMeta, RegexpError } from "./go_regexp.ts";
import { fn, FunctionError, type FunctionTable } from "../signature.ts";
import { GoSlice, stringSlice, toNumber, types } from "../value.ts";

/** Runs with the compiled expression; a broken one ends as a panic of `MustCompile`, or as an error in the `must…` functions. */
type Runner = <R>(expression: string, run: (program: GoRegexp) => R) => R;

function runner(messageOf: (expression: string, error: RegexpError) => string): Runner {
  return (expression, run) => {
    try {
      return run(GoRegexp.compile(expression));
    } catch (error) {
      if (error instanceof RegexpError) throw new FunctionError(messageOf(expression, error), { cause: error });
      throw error;
    }
  };
}

const panicking = runner(compilePanic);
const failing = runner((_, error) => error.message);

const THREE = [types.string, types.string, types.string] as const;
const COUNTED = [types.string, types.string, types.int] as const;

const find = (run: Runner) =>
  fn(
    [types.string, types.string],
    types.string,
    (expression, text) => run(expression, (program) => program.find(text)),
  );
const findAll = (run: Runner) =>
  fn(COUNTED, types.strings, (expression, text, count) => {
    return listOf(run(expression, (program) => program.findAll(text, toNumber(count))));
  });
const split = (run: Runner) =>
  fn(COUNTED, types.strings, (expression, text, count) => {
    return listOf(run(expression, (program) => program.split(text, toNumber(count))));
  });
const replaceAll = (run: Runner) =>
  fn(
    THREE,
    types.string,
    (expression, text, template) => run(expression, (program) => program.replaceAll(text, template)),
  );
const replaceAllLiteral = (run: Runner) =>
  fn(THREE, types.string, (expression, text, replacement) => {
    return run(expression, (program) => program.replaceAllLiteral(text, replacement));
  });

/** `regexMatch`, `regexReplaceAll`, `mustRegexSplit` and their like. */
export const regexFunctions: FunctionTable = {
  regexMatch: fn([types.string, types.string], types.bool, (expression, text) => {
    try {
      return GoRegexp.compile(expression).test(text);
    } catch (error) {
      if (error instanceof RegexpError) return false; // sprig ignores the error here
      throw error;
    }
  }),
  mustRegexMatch: fn([types.string, types.string], types.bool, (expression, text) => {
    return failing(expression, (program) => program.test(text));
  }),
  regexFind: find(panicking),
  mustRegexFind: find(failing),
  regexFindAll: findAll(panicking),
  mustRegexFindAll: findAll(failing),
  regexSplit: split(panicking),
  mustRegexSplit: split(failing),
  regexReplaceAll: replaceAll(panicking),
  mustRegexReplaceAll: replaceAll(failing),
  regexReplaceAllLiteral: replaceAllLiteral(panicking),
  mustRegexReplaceAllLiteral: replaceAllLiteral(failing),
  regexQuoteMeta: fn([types.string], types.string, quoteMeta),
};

function listOf(items: string[] | undefined): GoSlice<string> {
  return stringSlice(items ?? [], items === undefined);
}
