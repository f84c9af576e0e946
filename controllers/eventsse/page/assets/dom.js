/** Making elements. Text is only ever set as text, so nothing that an event says can become markup. */

/**
 * An element with attributes, listeners (functions under `on…`) and children.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] `undefined` and `false` leave the attribute out.
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}
