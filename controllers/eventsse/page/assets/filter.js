/** What of the events is to be seen. */

/**
 * @typedef {{composition: string, type: string, search: string}} Filter Empty fields let everything through.
 */

/** @type {Filter} */
export const EVERYTHING = { composition: "", type: "", search: "" };

/**
 * Whether an event is to be seen: each word of the search must occur in it.
 *
 * @param {any} event An Event of core/v1.
 * @param {Filter} filter
 * @returns {boolean}
 */
export function matches(event, { composition, type, search }) {
  if (composition !== "" && compositionOf(event) !== composition) return false;
  if (type !== "" && event.type !== type) return false;
  if (search === "") return true;
  const { kind = "", namespace = "", name = "" } = event.involvedObject ?? {};
  const text = [event.reason, event.message, kind, namespace, name].join(" ").toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/**
 * Id of the composition that an event belongs to; empty without one.
 *
 * @param {any} event
 * @returns {string}
 */
export function compositionOf(event) {
  return event.metadata?.labels?.["krateo.io/composition-id"] ?? "";
}

/**
 * The filter in an address, so that a view can be shared.
 *
 * @param {string} hash `#composition=…&type=…&search=…`
 * @returns {Filter}
 */
export function filterOf(hash) {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  return {
    composition: fields.get("composition") ?? "",
    type: fields.get("type") ?? "",
    search: fields.get("search") ?? "",
  };
}

/**
 * The opposite of {@linkcode filterOf}; `#` for a filter that lets everything through.
 *
 * @param {Filter} filter
 * @returns {string}
 */
export function hashOf(filter) {
  return `#${new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ""))}`;
}
