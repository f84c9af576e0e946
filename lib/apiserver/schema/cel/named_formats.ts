/** CEL's `format.dns1123Label().validate(…)` and its kind. */
import { cel } from "../../../deps/cel.ts";
import { formatCheck } from "../formats.ts";
import { type Namespace, registerNamespace } from "./namespace.ts";
import { labelNameErrors, labelValueErrors, nameErrors, qualifiedNameErrors } from "../names.ts";

type Environment = InstanceType<typeof cel.Environment>;

/** A named format as a value of CEL: gives the reasons why a text does not have it. */
class CelFormat {
  constructor(readonly errors: (text: string) => string[]) {}
}

function known(format: string, message: string): CelFormat {
  return new CelFormat((text) => formatCheck(format)?.(text) === true ? [] : [message]);
}

const FORMATS: Readonly<Record<string, CelFormat>> = {
  dns1123Label: new CelFormat((text) => nameErrors("label", text)),
  dns1123Subdomain: new CelFormat((text) => nameErrors("subdomain", text)),
  dns1035Label: new CelFormat((text) => nameErrors("dns1035", text)),
  dns1123LabelPrefix: new CelFormat((text) => nameErrors("label", text.replace(/-$/, "a"))),
  dns1123SubdomainPrefix: new CelFormat((text) => nameErrors("subdomain", text.replace(/-$/, "a"))),
  dns1035LabelPrefix: new CelFormat((text) => nameErrors("dns1035", text.replace(/-$/, "a"))),
  qualifiedName: new CelFormat(qualifiedNameErrors),
  labelValue: new CelFormat(labelValueErrors),
  labelName: new CelFormat(labelNameErrors),
  uri: known("uri", "invalid URI for request"),
  uuid: known("uuid", "does not match the UUID format"),
  byte: known("byte", "invalid base64"),
  date: known("date", "invalid date"),
  datetime: known("datetime", "invalid datetime"),
};

/** Adds the named formats to an environment. */
export function registerFormats(env: Environment): void {
  const type = "kubernetes.NamedFormat";
  env.registerType(type, { ctor: CelFormat, fields: {} });
  const namespace = registerNamespace(env, "format");
  for (const [name, format] of Object.entries(FORMATS)) {
    env.registerFunction(`${namespace}.${name}(): ${type}`, () => format);
  }
  env.registerFunction(`${namespace}.named(string): optional<${type}>`, (_format: Namespace, name: string) => {
    const format = FORMATS[name];
    return format === undefined ? cel.Optional.none() : cel.Optional.of(format);
  });
  env.registerFunction(`${type}.validate(string): optional<list<string>>`, (format: CelFormat, text: string) => {
    const errors = format.errors(text);
    return errors.length === 0 ? cel.Optional.none() : cel.Optional.of(errors);
  });
}
