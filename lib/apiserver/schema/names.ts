/** The syntax of names, labels and annotations, with Kubernetes' explanations. */

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const DNS1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const DNS1035_TEXT =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const QUALIFIED_TEXT =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const LABEL_VALUE = `(${QUALIFIED})?`;
const LABEL_VALUE_TEXT =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

interface Syntax {
  readonly pattern: string;
  readonly text: string;
  readonly most: number;
  readonly examples: readonly string[];
}

const NAMES: Readonly<Record<"label" | "subdomain" | "dns1035", Syntax>> = {
  label: { pattern: LABEL, text: LABEL_TEXT, most: 63, examples: ["my-name", "123-abc"] },
  subdomain: { pattern: SUBDOMAIN, text: SUBDOMAIN_TEXT, most: 253, examples: ["example.com"] },
  dns1035: { pattern: DNS1035, text: DNS1035_TEXT, most: 63, examples: ["my-name", "abc-123"] },
};

/** The odd spacing between examples is Kubernetes' own, and clients compare texts. */
function explain(text: string, pattern: string, examples: readonly string[]): string {
  const list = examples.map((example) => `'${example}', `).join(" or ");
  return `${text} (e.g. ${list}regex used for validation is '${pattern}')`;
}

/** Why a text is no name of this sort: an RFC 1123 label or subdomain, or an RFC 1035 label. */
export function nameErrors(sort: "label" | "subdomain" | "dns1035", name: string): string[] {
  const { pattern, text, most, examples } = NAMES[sort];
  const errors: string[] = [];
  if (name.length > most) errors.push(`must be no more than ${most} bytes`);
  if (!new RegExp(`^${pattern}$`).test(name)) errors.push(explain(text, pattern, examples));
  return errors;
}

/** Why a text is no label key: an optional DNS prefix and a name. */
export function qualifiedNameErrors(key: string): string[] {
  const parts = key.split("/");
  const errors: string[] = [];
  const name = parts.at(-1) ?? "";
  const [prefix] = parts;
  if (parts.length > 2) {
    return [
      `a qualified name ${
        explain(QUALIFIED_TEXT, QUALIFIED, ["MyName", "my.name", "123-abc"])
      } with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  if (parts.length === 2 && prefix !== undefined) {
    if (prefix === "") errors.push("prefix part must be non-empty");
    else errors.push(...nameErrors("subdomain", prefix).map((error) => `prefix part ${error}`));
  }
  if (name === "") errors.push("name part must be non-empty");
  else if (name.length > 63) errors.push("name part must be no more than 63 bytes");
  if (!new RegExp(`^${QUALIFIED}$`).test(name)) {
    errors.push(`name part ${explain(QUALIFIED_TEXT, QUALIFIED, ["MyName", "my.name", "123-abc"])}`);
  }
  return errors;
}

/** Why a text is no key of a label. */
export const labelNameErrors = qualifiedNameErrors;

/** Why a text is no value of a label. */
export function labelValueErrors(value: string): string[] {
  const errors: string[] = [];
  if (value.length > 63) errors.push("must be no more than 63 bytes");
  if (!new RegExp(`^${LABEL_VALUE}$`).test(value)) {
    errors.push(explain(LABEL_VALUE_TEXT, LABEL_VALUE, ["MyValue", "my_value", "12345"]));
  }
  return errors;
}
