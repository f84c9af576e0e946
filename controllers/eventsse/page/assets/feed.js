/**
 * The events of the platform, without gap or duplicate: history first asked for once the stream is open, so that nothing falls between them,
 * and everything known by (uid, resourceVersion), so that nothing is taken twice.
 */

/** Events of one page; the server may give fewer. */
const PAGE = 100;
/** Pages to catch up by at most; what is older is there to be asked for. */
const PAGES = 20;
/** Identities that are remembered. */
const KNOWN = 20_000;

/** @typedef {"connecting" | "live" | "refused" | "denied"} State */

export class Feed {
  #channels;
  #onEvents;
  #onState;
  /** @type {EventSource | undefined} */
  #source;
  #retry = 0;
  /** Identities taken, oldest first. @type {Set<string>} */
  #known = new Set();
  /** Where older events are. @type {string | undefined} */
  #next;
  /** Whether the browser knows an id to resume after. */
  #resumes = false;
  /** Looks into the history under way. */
  #catchingUp = 0;
  /** Arrived since the last frame. @type {any[]} */
  #arrived = [];
  #closed = false;

  /**
   * @param {Record<string, string>} channels Fields of the server's filters; empty ones are left out.
   * @param {{onEvents(events: any[], place: "new" | "old"): void, onState(state: State): void}} listener `new` events come oldest first, `old` ones newest first.
   */
  constructor(channels, { onEvents, onState }) {
    this.#channels = new URLSearchParams(Object.entries(channels).filter(([, value]) => value !== ""));
    this.#onEvents = onEvents;
    this.#onState = onState;
    this.#connect();
  }

  /** Whether the server has older events than those that were given. */
  get hasOlder() {
    return this.#next !== undefined;
  }

  close() {
    this.#closed = true;
    this.#source?.close();
  }

  /** Gives the next page of older events. */
  async older() {
    if (this.#next === undefined) return;
    const { events, next } = await this.#page(this.#next);
    this.#next = next;
    if (!this.#closed) this.#onEvents(events.filter((/** @type {any} */ event) => this.#isNew(event)), "old");
  }

  #connect() {
    if (this.#closed) return;
    this.#onState("connecting");
    this.#resumes = false;
    const source = this.#source = new EventSource(`notifications?topic=krateo&${this.#channels}`);
    source.onopen = () => {
      this.#retry = 0;
      this.#onState("live");
      // Later on the browser resumes after the last event it saw; before the first there is nothing to resume after.
      if (!this.#resumes) this.#history();
    };
    source.addEventListener("krateo", ({ data }) => this.#take(JSON.parse(data)));
    // The server no longer has what came after the last event seen here.
    source.addEventListener("reset", () => this.#history());
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return this.#onState("connecting");
      // Refused (too many clients, restarting behind a proxy, a token that ended): the browser gives up, the page does not.
      this.#refused();
      this.#retry = Math.min(this.#retry + 1, 6);
      setTimeout(() => this.#connect(), (0.5 + Math.random() / 2) * 500 * 2 ** this.#retry);
    };
  }

  /** Says why there is no stream; the browser does not tell, but the history is refused for the same reason. */
  async #refused() {
    const status = await fetch(`events?limit=1&${this.#channels}`).then(({ status }) => status, () => 0);
    if (!this.#closed) this.#onState(status === 401 || status === 403 ? "denied" : "refused");
  }

  /** Takes the newest page and, after a gap, the pages before it until one reaches back to what is known. */
  async #history() {
    this.#catchingUp++;
    const missed = await this.#missed();
    this.#catchingUp--;
    if (this.#closed) return;
    this.#onEvents(missed.reverse(), "new");
    this.#give();
  }

  /** Newest first. */
  async #missed() {
    const query = new URLSearchParams(this.#channels);
    query.set("limit", String(PAGE));
    const isFirst = this.#known.size === 0;
    const missed = [];
    let url = `events?${query}`;
    for (let pages = 0; url !== undefined && pages < PAGES; pages++) {
      const { events, next } = await this.#page(url);
      const fresh = events.filter((/** @type {any} */ event) => this.#isNew(event));
      missed.push(...fresh);
      if (isFirst) this.#next = next;
      url = !isFirst && fresh.length === events.length ? next : undefined;
    }
    return missed;
  }

  /** @param {string} url @returns {Promise<{events: any[], next: string | undefined}>} Newest first. Tries until it succeeds. */
  async #page(url) {
    for (;;) {
      try {
        const response = await fetch(url);
        if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
        return { events: response.status === 204 ? [] : await response.json(), next: nextPage(response) };
      } catch (error) {
        if (this.#closed) return { events: [], next: undefined };
        console.warn(`Cannot read ${url}: ${error}: trying again`);
        await new Promise((resolve) => setTimeout(resolve, 1_000 + 1_000 * Math.random()));
      }
    }
  }

  /** Collects what arrives until the page is painted next. @param {any} event */
  #take(event) {
    this.#resumes = true;
    if (!this.#isNew(event)) return;
    if (this.#arrived.length === 0) onNextFrame(() => this.#give());
    this.#arrived.push(event);
  }

  #give() {
    if (this.#catchingUp > 0 || this.#arrived.length === 0) return; // what came before is to be given first
    const events = this.#arrived;
    this.#arrived = [];
    if (!this.#closed) this.#onEvents(events, "new");
  }

  /** @param {any} event */
  #isNew({ metadata = {} }) {
    const identity = `${metadata.uid}/${metadata.resourceVersion}`;
    if (this.#known.has(identity)) return false;
    this.#known.add(identity);
    if (this.#known.size > KNOWN) this.#known.delete(/** @type {string} */ (this.#known.values().next().value));
    return true;
  }
}

/** Frames stop in a tab that is out of sight; a timer does not. @param {() => void} act */
function onNextFrame(act) {
  if (document.hidden) setTimeout(act, 250);
  else requestAnimationFrame(act);
}

/** The address in a `Link` header with `rel="next"`. @param {Response} response */
function nextPage(response) {
  return /<([^>]+)>\s*;\s*rel="?next"?/.exec(response.headers.get("Link") ?? "")?.[1];
}
