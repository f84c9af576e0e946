/** Helm's Go SDK in a process of its own: thousands of cases a run, where the command takes one each. */
import { peerPath } from "../../bench/support/peers.ts";
import { fileOf, FILES, readShown, SHOWN, shownOf, templateOf } from "./case_chart.ts";
import type { Outcome } from "./judge.ts";

/** What a case adds to the chart that all cases share, and what the options of the command line are given. */
export interface Question {
  readonly files?: Readonly<Record<string, string>>;
  readonly set?: readonly string[];
  readonly "set-string"?: readonly string[];
  readonly "set-json"?: readonly string[];
  readonly "set-file"?: readonly string[];
  readonly "set-literal"?: readonly string[];
}

/** The text that `templates/t.yaml` makes, or Helm's message. */
export type Answer = { readonly output: string } | { readonly error: string };

// As the command is built: templates can see the version.
const FLAGS = "-s -w -X helm.sh/helm/v4/internal/version.version=v4.2.4";

/**
 * Judges cases by the engine of Helm.
 *
 * @param files The chart's files, by name.
 * @param cwd Where `--set-file` looks.
 * @returns An answer each, in order.
 */
export async function judgeInGo(
  files: Readonly<Record<string, string>>,
  questions: readonly Question[],
  cwd?: string,
): Promise<Answer[]> {
  const command = new Deno.Command(await peerPath("judge", FLAGS), {
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
    ...(cwd === undefined ? {} : { cwd }),
  });
  await using process = command.spawn();
  const input = [{ files }, ...questions].map((line) => JSON.stringify(line)).join("\n");
  const [text, { success }] = await Promise.all([
    new Response(process.stdout).text(),
    process.status,
    new Blob([input]).stream().pipeTo(process.stdin),
  ]);
  const answers = text.split("\n").filter((line) => line !== "").map(answerOf);
  if (!success || answers.length !== questions.length) {
    throw new Error(`Cannot judge: ${answers.length} answers to ${questions.length} cases`);
  }
  return answers;
}

function answerOf(line: string): Answer {
  const { output, error } = JSON.parse(line) as { output: string | null; error?: string }; // what bench/peers/judge writes
  if (error !== undefined) return { error };
  return { output: new TextDecoder().decode(Uint8Array.fromBase64(output ?? "")) };
}

/** What Helm makes of cases that are templates, in order. */
export async function outcomesInGo(texts: readonly string[]): Promise<Outcome[]> {
  const questions = texts.map((text, index) => ({
    files: { [fileOf(index)]: templateOf(text), [SHOWN]: shownOf([index]) },
  }));
  return (await judgeInGo(FILES, questions)).map((answer, index) => {
    if ("error" in answer) return { error: answer.error.trim() };
    const value = readShown(answer.output).get(index);
    return value === undefined ? { error: "(no output)" } : { value };
  });
}
