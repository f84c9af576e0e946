/**
 * The events of the platform, without gap or duplicate: history first asked for once the stream is open, so that nothing falls between them,
 * and everything known by (uid, resourceVersion), so that nothing is taken twice.
 */

const HISTORY = 200;
const KNOWN = 20_000;

/** @typedef {"connecting" | "live" | "refused"} State */

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
    await this.#page(this.#next, "old");
  }

  #connect() {
    if (this.#closed) return;
    this.#onState("connecting");
    const source = this.#source = new EventSource(`notifications?${this.#channels}`);
    source.onopen = () => {
      this.#retry = 0;
      this.#onState("live");
      this.#history();
    };
    source.addEventListener("krateo", ({ data }) => this.#take(JSON.parse(data)));
    // The server no longer has what came after the last event seen here.
    source.addEventListener("reset", () => this.#history());
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return this.#onState("connecting");
      // Refused (too many clients, restarting behind a proxy): the browser gives up, the page does not.
      this.#onState("refused");
      this.#retry = Math.min(this.#retry + 1, 6);
      setTimeout(() => this.#connect(), Math.random() * 500 * 2 ** this.#retry);
    };
  }

  /** Takes the newest page; of a gap that is longer, the rest is among the older events. */
  async #history() {
    const query = new URLSearchParams(this.#channels);
    query.set("limit", String(HISTORY));
    await this.#page(`events?${query}`, "new");
  }

  /** @param {string} url @param {"new" | "old"} place */
  async #page(url, place) {
    try {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
      const events = response.status === 204 ? [] : await response.json();
      if (this.#closed) return;
      if (place === "old" || this.#next === undefined) this.#next = nextPage(response);
      const fresh = events.filter((/** @type {any} */ event) => this.#isNew(event));
      this.#onEvents(place === "new" ? fresh.reverse() : fresh, place);
    } catch (error) {
      console.warn(`Cannot read ${url}: ${error}: trying again`);
      if (!this.#closed) setTimeout(() => this.#page(url, place), 2_000);
    }
  }

  /** Collects what arrives until the page is painted next. @param {any} event */
  #take(event) {
    if (!this.#isNew(event)) return;
    if (this.#arrived.length === 0) onNextFrame(() => this.#give());
    this.#arrived.push(event);
  }

  #give() {
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
