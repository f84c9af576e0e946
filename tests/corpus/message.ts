/** What Helm says on standard error, in a form that two runs of it agree on. */

/**
 * The error of a text from standard error: without the warnings that Helm logs before it, and the hint behind it.
 *
 * @param stderr What `helm template` prints there; or a message of ours, which has neither.
 */
export function errorOf(stderr: string): string {
  const at = stderr.search(/^Error: /m);
  const message = at < 0 ? stderr : stderr.slice(at + "Error: ".length);
  return message.replace(/\n+Use --debug flag to render out invalid YAML\n*$/, "").trim();
}

/**
 * What fails by a schema in an order that is always the same: Helm walks its maps at random, and names what it finds in
 * another order each time. Lines move among those of one depth, with what is indented below them.
 */
export function inOneOrder(message: string): string {
  const [head = "", ...lines] = message.split("\n");
  if (!head.startsWith("values don't meet the specifications")) return message;
  const named = lines.map((line) =>
    line.replace(/(?<=: additional properties ).*(?= not allowed$)/, (names) => names.split(", ").toSorted().join(", "))
  );
  return [head, ...sorted(named, 0)].join("\n");
}

function sorted(lines: readonly string[], depth: number): string[] {
  const groups: string[][] = [];
  for (const line of lines) {
    const indent = line.search(/\S/);
    if (indent > depth && groups.length > 0) groups.at(-1)?.push(line);
    else groups.push([line]);
  }
  return groups.map(([first = "", ...below]) => [first, ...sorted(below, depth + 2)])
    .toSorted((a, b) => a.join("\n") < b.join("\n") ? -1 : 1).flat();
}
