/**
 * `*semver.Version` as a value of templates, with its methods.
 *
 * @module
 */
import { parseVersion, SemVer, SemverError } from "./semver.ts";
import { Constraint } from "./semver_constraint.ts";
import { type GoType, internType } from "../go_type.ts";
import { fn, FunctionError, type FunctionTable, type GoFunction } from "../signature.ts";
import { GoBytes, GoObject, int, types, uint64, type Value } from "../value.ts";

const POINTER = internType<GoVersion>("*semver.Version", "ptr");
const STRUCT = internType<GoVersion>("semver.Version", "struct");

/** The struct's fields. */
const FIELDS = ["major", "minor", "patch", "prerelease", "metadata", "original"] as const;

/** A version: what `semver` gives. `IncMajor` and its like give the struct instead of a pointer. */
export class GoVersion extends GoObject {
  constructor(readonly version: SemVer, readonly type: GoType = POINTER) {
    super();
  }

  override goString(): string {
    return this.version.toString();
  }

  override printedFields(): readonly (readonly [string, Value])[] {
    const { major, minor, patch, prerelease, metadata, original } = this.version;
    return [
      ["major", uint64(major)],
      ["minor", uint64(minor)],
      ["patch", uint64(patch)],
      ["pre", prerelease],
      ["metadata", metadata],
      ["original", original],
    ];
  }

  /** A version exports no field. */
  override exported(): GoVersion {
    return new GoVersion(new SemVer(0n, 0n, 0n, "", "", ""), this.type);
  }

  override dereferenced(): GoVersion {
    return new GoVersion(this.version, STRUCT);
  }

  /** Pointers are equal where they are the same, structs where their fields are. */
  override equals(other: GoObject): boolean {
    if (this.type === POINTER || !(other instanceof GoVersion)) return this === other;
    return FIELDS.every((name) => this.version[name] === other.version[name]);
  }

  override toJson(): string {
    return this.version.toString();
  }

  override method(name: string): GoFunction | undefined {
    if (this.type === STRUCT && POINTER_METHODS.has(name)) return undefined;
    return Object.hasOwn(METHODS, name) ? METHODS[name]?.(this.version) : undefined;
  }
}

type Method = (self: SemVer) => GoFunction;

const text = (read: (self: SemVer) => string): Method => (self) => fn([], types.string, () => read(self));
const bytes = (read: (self: SemVer) => string): Method => (self) =>
  fn([], types.bytes, () => new GoBytes(new TextEncoder().encode(read(self))));
const segment = (read: (self: SemVer) => bigint): Method => (self) => fn([], types.uint64, () => uint64(read(self)));
const test = (holds: (order: number) => boolean): Method => (self) =>
  fn([POINTER], types.bool, (other) => holds(self.compare(other.version)));
const raised = (part: "major" | "minor" | "patch"): Method => (self) =>
  fn([], STRUCT, () => new GoVersion(reading(() => self.raised(part)), STRUCT));
const changed = (change: (self: SemVer, text: string) => SemVer): Method => (self) =>
  fn([types.string], STRUCT, (value) => new GoVersion(reading(() => change(self, value)), STRUCT));

const METHODS: Readonly<Record<string, Method>> = {
  Major: segment((self) => self.major),
  Minor: segment((self) => self.minor),
  Patch: segment((self) => self.patch),
  Prerelease: text((self) => self.prerelease),
  Metadata: text((self) => self.metadata),
  Original: text((self) => self.original),
  String: text((self) => self.toString()),
  Compare: (self) => fn([POINTER], types.int, (other) => int(Math.sign(self.compare(other.version)))),
  Equal: test((order) => order === 0),
  LessThan: test((order) => order < 0),
  LessThanEqual: test((order) => order <= 0),
  GreaterThan: test((order) => order > 0),
  GreaterThanEqual: test((order) => order >= 0),
  IncMajor: raised("major"),
  IncMinor: raised("minor"),
  IncPatch: raised("patch"),
  SetPrerelease: changed((self, value) => self.withPrerelease(value)),
  SetMetadata: changed((self, value) => self.withMetadata(value)),
  MarshalText: bytes((self) => self.toString()),
  MarshalJSON: bytes((self) => `"${self.toString()}"`),
  Value: (self) => fn([], types.any, () => self.toString()),
};

/** Those that only a pointer has. */
const POINTER_METHODS: ReadonlySet<string> = new Set([
  "Original",
  "Compare",
  "Equal",
  "LessThan",
  "LessThanEqual",
  "GreaterThan",
  "GreaterThanEqual",
]);

/** `semver` and `semverCompare`. */
export const semverFunctions: FunctionTable = {
  semver: fn([types.string], POINTER, (version) => new GoVersion(reading(() => parseVersion(version)))),
  semverCompare: fn([types.string, types.string], types.bool, (constraint, version) => {
    return reading(() => constraintOf(constraint).check(parseVersion(version)));
  }),
};

function reading<R>(read: () => R): R {
  try {
    return read();
  } catch (error) {
    if (error instanceof SemverError) throw new FunctionError(error.message, { cause: error });
    throw error;
  }
}

/** Charts ask the same few constraints again and again. */
const parsed = new Map<string, Constraint>();
const MAX_CACHED = 256;

function constraintOf(text: string): Constraint {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const made = Constraint.parse(text);
  if (parsed.size >= MAX_CACHED) parsed.clear();
  parsed.set(text, made);
  return made;
}
