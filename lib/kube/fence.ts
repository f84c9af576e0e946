/** `fence`: writes of a leader only, and of no one who was. */
import type { Subscription } from "../deps/rxjs.ts";
import { describeRequest, KubeError } from "./errors.ts";
import type { Election } from "./lease.ts";
import type { KubeRequest, KubeResponse, KubeTransport } from "./transport.ts";

/**
 * The same transport for one candidate's work: what could change something is refused with reason `NotLeading` while the
 * candidate does not lead, and aborted when it loses the lead. Reads and dry runs pass.
 *
 *     leading:  ----[==========]------
 *     writes:   -x--w----w---w-(abort)x
 *
 * The election itself needs a client without this fence. Closing it closes the transport.
 */
export function fence(transport: KubeTransport, election: Pick<Election, "holds" | "leadership$">): KubeTransport {
  return new FencedTransport(transport, election);
}

class FencedTransport implements KubeTransport {
  readonly defaultNamespace: string | undefined;
  readonly request?: NonNullable<KubeTransport["request"]>;
  readonly #transport: KubeTransport;
  readonly #election: Pick<Election, "holds">;
  readonly #subscription: Subscription;
  #lost = new AbortController();

  constructor(transport: KubeTransport, election: Pick<Election, "holds" | "leadership$">) {
    this.#transport = transport;
    this.#election = election;
    this.defaultNamespace = transport.defaultNamespace;
    this.#subscription = election.leadership$.subscribe(({ leading }) => {
      if (leading) return;
      this.#lost.abort(new DOMException("the lead was lost", "AbortError"));
      this.#lost = new AbortController();
    });
    const { request } = transport;
    if (request !== undefined) {
      this.request = async (asked, headers): Promise<KubeResponse> =>
        await request.call(transport, this.#fenced(asked), headers);
    }
  }

  performRequest(request: KubeRequest & { expectStream: true }): Promise<ReadableStream<Uint8Array>>;
  performRequest(request: KubeRequest): Promise<Uint8Array>;
  async performRequest(request: KubeRequest): Promise<Uint8Array | ReadableStream<Uint8Array>> {
    return await this.#transport.performRequest(this.#fenced(request));
  }

  get mayWrite(): boolean {
    return this.#election.holds;
  }

  close(): void {
    this.#subscription.unsubscribe();
    this.#transport.close?.();
  }

  #fenced<R extends KubeRequest>(request: R): R {
    if (!changesSomething(request)) return request;
    if (!this.#election.holds) {
      throw new KubeError(`Cannot ${describeRequest(request)}: this process does not lead, another one may`, {
        reason: "NotLeading",
      });
    }
    const { abortSignal } = request;
    const { signal } = this.#lost;
    return { ...request, abortSignal: abortSignal === undefined ? signal : AbortSignal.any([abortSignal, signal]) };
  }
}

function changesSomething({ method, querystring }: KubeRequest): boolean {
  return method !== "GET" && method !== "HEAD" && method !== "OPTIONS" && querystring?.get("dryRun") !== "All";
}
