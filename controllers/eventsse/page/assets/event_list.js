/** The list of events, newest first; one row an Event however often it is counted up. */
import { el } from "./dom.js";
import { compositionOf } from "./filter.js";
import { describe } from "./kubectl.js";

/** Rows that are kept; what is older can be asked for again. */
const ROWS = 5_000;

const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export class EventList {
  #list;
  #actions;
  /** By uid, in the order of the list from its end. @type {Map<string, {row: HTMLElement, event: any}>} */
  #rows = new Map();
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

  /** Rows to be seen. */
  get count() {
    return this.#list.children.length;
  }

  clear() {
    this.#rows.clear();
    this.#list.replaceChildren();
  }

  /** Shows the events for which `visible` holds, from now on. @param {(event: any) => boolean} visible */
  show(visible) {
    this.#visible = visible;
    const rows = [...this.#rows.values()].filter(({ event }) => visible(event)).map(({ row }) => row);
    this.#list.replaceChildren(...rows.reverse());
  }

  /** Puts events, oldest first, on top. @param {any[]} events */
  prepend(events) {
    const fragment = document.createDocumentFragment();
    for (const event of events) {
      const row = this.#rowOf(event);
      row.classList.add("new");
      if (this.#visible(event)) fragment.prepend(row);
    }
    keepingPlace(() => this.#list.prepend(fragment));
    this.#trim();
  }

  /** Puts older events, newest first, at the end. @param {any[]} events */
  append(events) {
    const older = new Map();
    for (const event of [...events].reverse()) {
      if (this.#rows.has(keyOf(event))) continue; // a later count of it is there
      older.set(keyOf(event), { event, row: rowOf(event, this.#actions) });
    }
    this.#rows = new Map([...older, ...this.#rows]);
    const rows = [...older.values()].filter(({ event }) => this.#visible(event)).map(({ row }) => row);
    this.#list.append(...rows.reverse());
  }

  /** Makes the row of an event, in place of that of its previous count. @param {any} event */
  #rowOf(event) {
    const key = keyOf(event);
    this.#rows.get(key)?.row.remove();
    this.#rows.delete(key);
    const row = rowOf(event, this.#actions);
    this.#rows.set(key, { row, event });
    return row;
  }

  #trim() {
    for (const [key, { row }] of this.#rows) {
      if (this.#rows.size <= ROWS) return;
      row.remove();
      this.#rows.delete(key);
    }
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
