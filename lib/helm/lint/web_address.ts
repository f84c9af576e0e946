/**
 * Addresses of mail and web as Helm's lint judges them.
 *
 * @module
 */

const LETTER = "[a-zA-Z\\u00A0-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFEF]";
const ALNUM = "[a-zA-Z0-9\\u00A0-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFEF]";
const LOCAL = "[a-zA-Z0-9!#$%&'*+\\-/=?^_`{|}~\\u00A0-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFEF]+";
const DOMAIN = `(?:${ALNUM}(?:[-._~]*${ALNUM})*\\.)+${LETTER}(?:[-_~0-9]*${LETTER})*`;
const EMAIL = new RegExp(`^(?:${LOCAL}(?:\\.${LOCAL})*|"[^"\\r\\n]*")@${DOMAIN}\\.?$`);

/** Whether a text is a mail address. */
export function isEmail(text: string): boolean {
  return EMAIL.test(text);
}

const SCHEME = "(?:(?:ftp|tcp|udp|wss?|https?)://)";
const HOST =
  "(?:\\[[0-9a-fA-F:.%]+\\]|[a-zA-Z0-9\\u00a1-\\uffff](?:[a-zA-Z0-9\\u00a1-\\uffff._-]*[a-zA-Z0-9\\u00a1-\\uffff])?)";
const URL_TEXT = new RegExp(`^${SCHEME}?(?:\\S+(?::\\S*)?@)?${HOST}\\.?(?::\\d{1,5})?(?:[/?#]\\S*)?$`);
/** Bounds of a URL's length in characters, exclusive. */
const [SHORTEST, LONGEST] = [3, 2083];

/** Whether a text is a URL; a scheme is not needed, a host is. */
export function isUrl(text: string): boolean {
  if (text.startsWith(".") || [...text].length >= LONGEST || text.length <= SHORTEST) return false;
  const hasHost = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text.includes(":");
  return (hasHost || text.split(/[?#]/, 1)[0]?.includes(".") === true) && URL_TEXT.test(text);
}

/** Whether a text is what a request line may hold and has a scheme. */
export function isRequestUrl(text: string): boolean {
  const match = /^([a-zA-Z][a-zA-Z0-9+.-]*):(.*)$/s.exec(text);
  if (match === null) return false;
  const rest = match[2] ?? "";
  // deno-lint-ignore no-control-regex -- Go refuses control characters in a URL
  if (/[\x00-\x1f\x7f]/.test(text) || !/^(?:[^%]|%[0-9a-fA-F]{2})*$/.test(rest.split("?", 1)[0] ?? "")) return false;
  if (!rest.startsWith("//")) return rest !== "";
  const authority = rest.slice(2).split(/[/?#]/, 1)[0] ?? "";
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return !/[ <>"\\^`{|}]/.test(host) && /^(?:\[[^\]]*\]|[^:]*)(?::\d*)?$/.test(host);
}
