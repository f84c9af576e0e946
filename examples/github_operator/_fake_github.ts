/** A server that behaves as GitHub's REST API documents, as far as the operator calls it. */

/** A repository as the API shows it. */
export interface FakeRepo {
  readonly name: string;
  readonly html_url: string;
  private: boolean;
  readonly auto_init: boolean;
}

/** An answer that is given instead of the usual one. */
export interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message: string;
}

const NOT_FOUND: Refusal = { status: 404, message: "Not Found" };

/** GitHub on a loopback port, with the organization `krateo`. */
export class FakeGithub implements AsyncDisposable {
  /** By `owner/name`. */
  readonly repos = new Map<string, FakeRepo>();
  /** `POST /orgs/krateo/repos 201` for each request. */
  readonly log: string[] = [];
  /** The one token that is accepted. */
  token = "secret-1";
  /** The user whom it belongs to. */
  readonly user = "octocat";
  readonly #refusals: { readonly request: RegExp; readonly refusal: Refusal }[] = [];
  readonly #server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => this.#serve(request),
  );

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Refuses the next request that matches, e.g. `/^POST/`. */
  refuseNext(request: RegExp, refusal: Refusal): void {
    this.#refusals.push({ request, refusal });
  }

  /** How many requests matched. */
  count(request: RegExp): number {
    return this.log.filter((line) => request.test(line)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #serve(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const line = `${request.method} ${pathname}`;
    const text = await request.text();
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    const answer = this.#answer(request, line, body);
    this.log.push(`${line} ${answer.status}`);
    return answer;
  }

  #answer(request: Request, line: string, body: unknown): Response {
    const index = this.#refusals.findIndex((entry) => entry.request.test(line));
    const [refused] = index < 0 ? [] : this.#refusals.splice(index, 1);
    if (refused) return refuse(refused.refusal);
    if (request.headers.get("authorization") !== `Bearer ${this.token}`) {
      return refuse({ status: 401, message: "Bad credentials" });
    }
    const [, method = "", kind = "", owner = "", name = ""] = /^(\w+) \/(\w+)\/?([^/]*)\/?([^/]*)$/.exec(line) ?? [];
    const wish = body as Partial<FakeRepo> | undefined;
    if (method === "POST" && name === "repos" && owner === "krateo") return this.#create(owner, wish);
    if (method === "POST" && kind === "user" && owner === "repos") return this.#create(this.user, wish);
    if (kind === "orgs") return owner === "krateo" ? Response.json({ login: owner }) : refuse(NOT_FOUND);
    return kind === "repos" ? this.#handle(method, `${owner}/${name}`, wish) : refuse(NOT_FOUND);
  }

  #create(owner: string, wish: Partial<FakeRepo> = {}): Response {
    const { name = "", private: hidden = false, auto_init = false } = wish;
    const path = `${owner}/${name}`;
    if (this.repos.has(path) || name === "") {
      return refuse({ status: 422, message: "Repository creation failed." }, ["name already exists on this account"]);
    }
    const repo = { name, html_url: `https://github.example/${path}`, private: hidden, auto_init };
    this.repos.set(path, repo);
    return Response.json(repo, { status: 201 });
  }

  #handle(method: string, path: string, wish: Partial<FakeRepo> = {}): Response {
    const repo = this.repos.get(path);
    if (repo === undefined) return refuse(NOT_FOUND);
    if (method === "DELETE") {
      this.repos.delete(path);
      return new Response(null, { status: 204 });
    }
    if (method === "PATCH") Object.assign(repo, wish);
    return Response.json(repo);
  }
}

function refuse({ status, headers = {}, message }: Refusal, details: readonly string[] = []): Response {
  const errors = details.map((detail) => ({ resource: "Repository", field: "name", message: detail }));
  return Response.json({ message, ...(errors.length > 0 && { errors }), status: String(status) }, { status, headers });
}
