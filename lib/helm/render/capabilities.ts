import {
  fn,
  type GoFunction,
  GoObject,
  GoSlice,
  type GoType,
  internType,
  type Operand,
  stringSlice,
  types,
  type Value,
} from "../../gotemplate/mod.ts";
import type { Capabilities } from "../types.ts";
import { kubeVersionOf } from "./kube_version.ts";

const CAPABILITIES: GoType<CapabilitiesObject> = internType("*common.Capabilities", "ptr");
const CAPABILITIES_STRUCT: GoType<CapabilitiesObject> = internType("common.Capabilities", "struct");
const KUBE_VERSION: GoType<Struct> = internType("common.KubeVersion", "struct");
const VERSION_SET: GoType<VersionSet> = internType("common.VersionSet", "slice", { elem: types.string });
const BUILD: GoType<Struct> = internType("version.BuildInfo", "struct");

/** The Helm whose behaviour this is: what `.Capabilities.HelmVersion` says. */
export const HELM_VERSION = "v4.2.4";
const GO_VERSION = "go1.26.8";

/** A struct with text fields; `json` gives the fields other names, and leaves the empty ones out. */
class Struct extends GoObject {
  constructor(
    readonly type: GoType,
    readonly fields: Readonly<Record<string, string>>,
    readonly methods: Readonly<Record<string, GoFunction>> = {},
    readonly json: Readonly<Record<string, string>> = fields,
    /** What is printed, where that is more than the exported fields. */
    readonly printed: Readonly<Record<string, string>> = fields,
    private readonly isCopy: boolean = false,
  ) {
    super();
  }

  override get isPart(): boolean {
    return !this.isCopy;
  }

  /** The copy has no methods: they are those of its pointer. */
  override detached(): Struct {
    return this.isCopy ? this : new Struct(this.type, this.fields, {}, this.json, this.printed, true);
  }

  override exported(): Struct {
    const printed = Object.entries(this.printed).map(([name, text]) => [name, name in this.fields ? text : ""]);
    return new Struct(this.type, this.fields, this.methods, this.json, Object.fromEntries(printed));
  }

  override equals(other: GoObject): boolean {
    return other instanceof Struct &&
      Object.entries(this.printed).every(([name, text]) => other.printed[name] === text);
  }

  override fieldNames(): readonly string[] {
    return Object.keys(this.fields);
  }

  override field(name: string): Operand {
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
  }

  override method(name: string): GoFunction | undefined {
    return Object.hasOwn(this.methods, name) ? this.methods[name] : undefined;
  }

  override printedFields(): readonly (readonly [string, string])[] {
    return Object.entries(this.printed);
  }

  override toJson(): unknown {
    return { ...this.json };
  }
}

/** `.Capabilities.APIVersions`: a list of strings that can be asked. */
class VersionSet extends GoObject {
  readonly type = VERSION_SET;
  readonly #versions: ReadonlySet<string>;

  constructor(versions: readonly string[]) {
    super();
    this.#versions = new Set(versions);
  }

  override method(name: string): GoFunction | undefined {
    return name === "Has" ? fn([types.string], types.bool, (version) => this.#versions.has(version)) : undefined;
  }

  override underlying(): Value {
    return stringSlice([...this.#versions]);
  }

  override ofType(plain: Value): Value {
    return plain instanceof GoSlice ? new VersionSet(plain.items.map(String)) : plain;
  }
}

interface CapabilitiesFields {
  readonly KubeVersion: Struct;
  readonly APIVersions: VersionSet;
  readonly HelmVersion: Struct;
}

/** `.Capabilities`. */
export class CapabilitiesObject extends GoObject {
  readonly #fields: CapabilitiesFields;

  constructor(capabilities: Capabilities | CapabilitiesFields, readonly type: GoType = CAPABILITIES) {
    super();
    this.#fields = "KubeVersion" in capabilities ? capabilities : {
      KubeVersion: kubeVersion(capabilities.kubeVersion),
      APIVersions: new VersionSet(capabilities.apiVersions),
      HelmVersion: helmVersion(),
    };
  }

  override exported(): CapabilitiesObject {
    return new CapabilitiesObject({ ...this.#fields, KubeVersion: this.#fields.KubeVersion.exported() });
  }

  override dereferenced(): CapabilitiesObject {
    return new CapabilitiesObject(this.#fields, CAPABILITIES_STRUCT);
  }

  override fieldNames(): readonly string[] {
    return Object.keys(this.#fields);
  }

  override field(name: string): Operand {
    return Object.entries(this.#fields).find(([own]) => own === name)?.[1];
  }
}

function kubeVersion(version: string): Struct {
  const { full, normalized, major, minor } = kubeVersionOf(version);
  const text = (value: string) => fn([], types.string, () => value);
  const fields = { Version: full, Major: major, Minor: minor };
  const methods = { String: text(normalized), GitVersion: text(full) };
  // The struct has the normalized version too, which is not exported but printed.
  const printed = { Version: full, normalizedVersion: normalized, Major: major, Minor: minor };
  return new Struct(KUBE_VERSION, fields, methods, fields, printed);
}

function helmVersion(): Struct {
  const client = "v1.36";
  const [short, fields] = [HELM_VERSION, {
    GitCommit: "",
    GitTreeState: "",
    GoVersion: GO_VERSION,
    KubeClientVersion: client,
  }];
  return new Struct(BUILD, { Version: short, ...fields }, {}, {
    version: short,
    go_version: GO_VERSION,
    kube_client_version: client,
  });
}
