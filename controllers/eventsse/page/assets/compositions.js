/** Compositions with their health, and one of them from its definition to its child objects. */
import { el } from "./dom.js";

/** Between two looks at the server when no event says that something changed, ms. */
const PERIOD = 10_000;
/** From an event to the look that it asks for, ms: an install has many. */
const SETTLE = 400;

export class Compositions {
  #elements;
  #choose;
  #chosen = "";
  #timer = 0;
  #etag = "";
  /** @type {any[]} */
  #list = [];

  /**
   * @param {{list: HTMLElement, none: HTMLElement, tree: HTMLElement}} elements
   * @param {(id: string) => void} choose Called with the composition that the user picks; empty for none.
   */
  constructor(elements, choose) {
    this.#elements = elements;
    this.#choose = choose;
    this.#refresh();
  }

  /** Marks a composition as the one to follow; empty for none. @param {string} id */
  follow(id) {
    if (id === this.#chosen) return;
    this.#chosen = id;
    this.#draw();
    this.#drawTree();
  }

  /** Something happened: look soon. */
  changed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refresh(), SETTLE);
  }

  async #refresh() {
    try {
      const response = await fetch("compositions", { headers: this.#etag ? { "If-None-Match": this.#etag } : {} });
      if (response.ok) {
        this.#etag = response.headers.get("ETag") ?? "";
        this.#list = await response.json();
        this.#draw();
      }
      await this.#drawTree();
    } catch (error) {
      console.warn(`Cannot read the compositions: ${error}: trying again`);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refresh(), PERIOD);
  }

  #draw() {
    const { list, none } = this.#elements;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset["id"];
    list.replaceChildren(...this.#list.map((composition) => el("li", {}, this.#button(composition))));
    none.hidden = this.#list.length > 0;
    if (focused !== undefined) {
      /** @type {HTMLElement | null} */ (list.querySelector(`[data-id="${CSS.escape(focused)}"]`))?.focus();
    }
  }

  /** @param {any} composition */
  #button({ id, kind, namespace, name, ready, reason, paused }) {
    const chosen = id === this.#chosen;
    return el(
      "button",
      { type: "button", "data-id": id, "aria-pressed": chosen, onclick: () => this.#choose(chosen ? "" : id) },
      mark(ready),
      el("span", {}, name),
      el(
        "small",
        {},
        `${kind} in ${namespace}: ${paused ? "paused" : ready === "True" ? "ready" : reason || "not ready yet"}`,
      ),
    );
  }

  async #drawTree() {
    const { tree } = this.#elements;
    const id = this.#chosen;
    if (id === "") {
      tree.hidden = true;
      return;
    }
    const response = await fetch(`compositions/${encodeURIComponent(id)}`);
    if (id !== this.#chosen) return;
    tree.hidden = false;
    tree.replaceChildren(
      response.ok
        ? treeOf(await response.json())
        : el("p", {}, "This composition does not exist any more, or may not be read."),
    );
  }
}

/** @param {any} tree */
function treeOf(tree) {
  const chart = tree.chartVersion ? `, chart version ${tree.chartVersion}` : "";
  const composition = el(
    "li",
    {},
    mark(tree.ready),
    ` ${tree.kind} ${tree.namespace}/${tree.name} `,
    el("small", {}, [tree.reason, tree.message].filter(Boolean).join(": ") + chart),
    el("ul", { "aria-label": "Child objects" }, ...tree.children.map(childOf)),
  );
  const definition = tree.definition;
  const root = definition === undefined ? el("ul", {}, composition) : el(
    "ul",
    {},
    el("li", {}, `CompositionDefinition ${definition.namespace}/${definition.name}`, el("ul", {}, composition)),
  );
  return el("div", {}, el("h3", {}, `${tree.kind} ${tree.name}`), root);
}

/** @param {any} child */
function childOf({ kind, namespace, name, status, message }) {
  const place = namespace ? `${namespace}/${name}` : name;
  return el("li", {}, mark(status), ` ${kind} ${place} `, el("small", {}, message));
}

/** A mark that does not speak by colour alone. @param {string} health */
function mark(health) {
  const sign = { True: "✓", Current: "✓", False: "✗", Failed: "✗", Missing: "✗" }[health] ?? "…";
  const word = { True: "Ready", False: "Not ready", Unknown: "Unknown", Current: "Healthy" }[health] ?? health;
  return el("span", { class: "health", "data-ready": health, role: "img", "aria-label": word, title: word }, sign);
}
