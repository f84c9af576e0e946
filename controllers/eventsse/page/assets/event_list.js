/** The list of events, newest first; one row an Event however often it is counted up. */
import { el } from "./dom.js";
import { compositionOf } from "./filter.js";
import { describe } from "./kubectl.js";

/** Events that are kept to be searched. */
const KEPT = 10_000;
/** Rows to begin with, and to add when more are asked for: the page stays quick however many events there are. */
const ROWS = 200;

const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export class EventList {
  #list;
  #actions;
  /** By uid, oldest first. @type {Map<string, any>} */
  #events = new Map();
  /** Those of the newest events that are to be seen, by uid. @type {Map<string, HTMLElement>} */
  #rows = new Map();
  /** Rows that there may be. */
  #limit = ROWS;
  /** Events to be seen, with a row or without. */
  #count = 0;
  #hasDropped = false;
  /** @type {(event: any) => boolean} */
  #visible = () => true;

  /**
   * @param {HTMLElement} list
   * @param {{copy(text: string): void, follow(composition: string): void}} actions
   */
  constructor(list, actions) {
    this.#list = list;
    this.#actions = actions;
  }

  /** Events to be seen, with a row or without. */
  get count() {
    return this.#count;
  }

  /** Whether there are events to be seen that have no row. */
  get hasMore() {
    return this.#count > this.#rows.size;
  }

  /** Whether old events were let go: what the server has beyond them would leave a gap. */
  get hasDropped() {
    return this.#hasDropped;
  }

  clear() {
    this.#events.clear();
    this.#hasDropped = false;
    this.#draw();
  }

  /** Shows the events for which `visible` holds, from now on. @param {(event: any) => boolean} visible */
  show(visible) {
    this.#visible = visible;
    this.#limit = ROWS;
    this.#draw();
  }

  /** Gives the next events their rows. */
  more() {
    this.#limit += ROWS;
    this.#draw();
  }

  /** Puts events, oldest first, on top. @param {any[]} events */
  prepend(events) {
    const fresh = events.filter((event) => this.#take(event));
    const fragment = document.createDocumentFragment();
    for (const event of fresh.slice(-this.#limit)) {
      const row = rowOf(event, this.#actions);
      row.classList.add("new");
      this.#rows.get(keyOf(event))?.remove(); // twice in one batch
      this.#rows.set(keyOf(event), row);
      fragment.prepend(row);
    }
    keepingPlace(() => this.#list.prepend(fragment));
    for (const [key, row] of this.#rows) {
      if (this.#rows.size <= this.#limit) break;
      row.remove();
      this.#rows.delete(key);
    }
  }

  /** Puts older events, newest first, at the end. @param {any[]} events */
  append(events) {
    const older = events.filter((event) => !this.#events.has(keyOf(event))).reverse(); // of the others there is a later count
    this.#events = new Map([...older.map((event) => [keyOf(event), event]), ...this.#events]);
    this.#limit += older.length;
    this.#draw();
  }

  /** Keeps an event in place of its previous count. @returns {boolean} Whether it is to be seen. @param {any} event */
  #take(event) {
    this.#drop(keyOf(event));
    this.#events.set(keyOf(event), event);
    if (this.#events.size > KEPT) {
      this.#hasDropped = true;
      this.#drop(/** @type {string} */ (this.#events.keys().next().value));
    }
    const isVisible = this.#visible(event);
    if (isVisible) this.#count++;
    return isVisible;
  }

  /** @param {string} key */
  #drop(key) {
    const event = this.#events.get(key);
    if (event === undefined) return;
    if (this.#visible(event)) this.#count--;
    this.#rows.get(key)?.remove();
    this.#rows.delete(key);
    this.#events.delete(key);
  }

  #draw() {
    const visible = [...this.#events].filter(([, event]) => this.#visible(event));
    this.#count = visible.length;
    this.#rows = new Map(visible.slice(-this.#limit).map(([key, event]) => [key, rowOf(event, this.#actions)]));
    this.#list.replaceChildren(...[...this.#rows.values()].reverse());
  }
}

/** @param {any} event */
function keyOf({ metadata }) {
  return metadata?.uid ?? `${metadata?.namespace}/${metadata?.name}`;
}

/** What is read stays where it is on the screen when something comes in above it. @param {() => void} change */
function keepingPlace(change) {
  const atTop = scrollY < 80;
  const height = document.documentElement.scrollHeight;
  change();
  if (!atTop) scrollBy(0, document.documentElement.scrollHeight - height);
}

/** @param {any} event @param {{copy(text: string): void, follow(composition: string): void}} actions */
function rowOf(event, { copy, follow }) {
  const object = event.involvedObject ?? {};
  const composition = compositionOf(event);
  const count = event.series?.count ?? event.count ?? 1;
  const place = object.namespace ? `${object.namespace}/${object.name}` : object.name ?? "";
  return el(
    "li",
    {
      role: "article",
      "data-type": event.type ?? "Normal",
      tabindex: 0,
      "aria-label": `${event.type}: ${event.reason}, ${object.kind} ${place}`,
    },
    timeOf(event),
    el(
      "span",
      { class: "what" },
      el("b", { "data-type": event.type }, event.reason ?? "Unknown"),
      ` ${object.kind ?? ""} ${place}${count > 1 ? ` ×${count}` : ""}`,
    ),
    el(
      "span",
      { class: "actions" },
      el("button", {
        type: "button",
        "data-action": "copy",
        title: "Copy the kubectl command that describes the object",
        onclick: () => copy(describe(object)),
      }, "kubectl"),
      ...(composition === "" ? [] : [
        el("button", { type: "button", "data-action": "follow", onclick: () => follow(composition) }, "Composition"),
      ]),
    ),
    el("p", { class: "message" }, event.message ?? ""),
  );
}

/** @param {any} event */
function timeOf(event) {
  const { eventTime, lastTimestamp, firstTimestamp, series, metadata } = event;
  const text = series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? firstTimestamp ?? metadata?.creationTimestamp;
  const date = new Date(text ?? NaN);
  if (Number.isNaN(date.getTime())) return el("time", {}, "–");
  return el("time", { datetime: date.toISOString(), title: DAY.format(date) }, TIME.format(date));
}
