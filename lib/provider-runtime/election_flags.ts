/** Leader election as flags of a command: the same for every process that is built on this runtime. */
import { hostname } from "node:os";
import { type Command, InvalidArgumentError, Option } from "../deps/commander.ts";
import { elect, type Election, type KubeClient } from "../kube/mod.ts";
import { parseDuration } from "./duration.ts";

/** What the flags of {@linkcode addElectionFlags} come to. Times in ms. */
export interface ElectionFlags {
  readonly leaderElect?: boolean;
  readonly leaderElectionNamespace: string;
  readonly leaderElectionLeaseDuration: number;
  readonly leaderElectionRenewDeadline: number;
  readonly leaderElectionRetryPeriod: number;
}

/** Adds `--leader-elect` and what goes with it to a command. Names and defaults are those of Kubernetes' own programs. */
export function addElectionFlags(command: Command): Command {
  const times = [
    ["lease-duration", "15s", "how long others wait for a leader that they do not hear of"],
    ["renew-deadline", "10s", "how long a leader goes on that cannot renew its Lease"],
    ["retry-period", "2s", "between two looks at the Lease"],
  ] as const;
  command
    .option("--leader-elect", "work only while this process holds the Lease, and stand by with warm stores otherwise")
    .addOption(
      new Option("--leader-election-namespace <name>", "namespace of the Lease").env("POD_NAMESPACE").default(
        "krateo-system",
      ),
    );
  for (const [name, standard, description] of times) {
    const option = new Option(`--leader-election-${name} <duration>`, description);
    command.addOption(option.argParser(durationFlag).default(durationFlag(standard), standard));
  }
  return command;
}

/**
 * Stands for election as the flags say; `undefined` where they do not ask for it.
 *
 * @param client Not fenced by this election, and best with connections of its own: renewing must not wait behind other requests.
 * @param name Name of the Lease.
 */
export function candidacy(
  client: KubeClient,
  name: string,
  flags: ElectionFlags,
  onError: (error: unknown) => void,
): Election | undefined {
  if (!flags.leaderElect) return undefined;
  return elect(client, {
    namespace: flags.leaderElectionNamespace,
    name,
    // Two processes of one host are two candidates.
    identity: `${Deno.env.get("POD_NAME") ?? hostname()}_${crypto.randomUUID()}`,
    leaseDuration: flags.leaderElectionLeaseDuration,
    renewDeadline: flags.leaderElectionRenewDeadline,
    retryPeriod: flags.leaderElectionRetryPeriod,
    onError,
  });
}

/** The ms of a flag such as `90s` or `2m`. */
export function durationFlag(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError("Write a duration such as 90s or 2m.");
  return ms;
}
