/** Commands to look closer with. */

/**
 * The command that describes the object an event is about.
 *
 * Kubernetes names need no quotes, but the text of an event is anybody's: what a shell could read otherwise is quoted.
 *
 * @param {{apiVersion?: string, kind?: string, namespace?: string, name?: string}} object
 * @returns {string}
 */
export function describe({ apiVersion = "v1", kind = "", namespace, name = "" }) {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const type = group === "" ? kind : `${kind}.${version}.${group}`;
  const words = ["kubectl", "describe", `${type}/${name}`];
  if (namespace) words.push("--namespace", namespace);
  return words.map(quoted).join(" ");
}

/** @param {string} word */
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
