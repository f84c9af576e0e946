import { emitYaml, YamlError } from "../../yaml/mod.ts";
import {
  decodeUtf8,
  fn,
  GoBytes,
  type GoFunction,
  GoMap,
  GoObject,
  type GoType,
  internType,
  mapOf,
  stringSlice,
  types,
  type Value,
} from "../../gotemplate/mod.ts";
import type { ChartFile } from "../types.ts";
import { globMatcher } from "./glob.ts";

const TYPE: GoType<ChartFiles> = internType("engine.files", "map", { key: types.string, elem: types.bytes });
const BYTES_BY_NAME = mapOf(types.bytes);

/** `.Files`: the files of one chart by name, a map with methods. */
export class ChartFiles extends GoObject {
  readonly type = TYPE;
  readonly #files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly #methods: Readonly<Record<string, GoFunction>>;

  constructor(files: Iterable<readonly [string, Uint8Array<ArrayBuffer>]>) {
    super();
    this.#files = new Map([...files].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
    this.#methods = {
      Get: fn([types.string], types.string, (name) => decodeUtf8(this.#bytes(name))),
      GetBytes: fn([types.string], types.bytes, (name) => new GoBytes(this.#bytes(name))),
      Glob: fn([types.string], TYPE, (pattern) => this.#glob(pattern)),
      Lines: fn([types.string], types.strings, (name) => stringSlice(this.#lines(name))),
      AsConfig: fn([], types.string, () => this.#asYaml((data) => decodeUtf8(data))),
      AsSecrets: fn([], types.string, () => this.#asYaml((data) => data.toBase64())),
    };
  }

  /** The files of a chart; those below crds/ are files too. */
  static of(files: readonly ChartFile[]): ChartFiles {
    return new ChartFiles(files.map((file) => [file.name, file.data] as const));
  }

  override method(name: string): GoFunction | undefined {
    return Object.hasOwn(this.#methods, name) ? this.#methods[name] : undefined;
  }

  override underlying(): Value {
    return new GoMap(Array.from(this.#files, ([name, data]) => [name, new GoBytes(data)] as const), BYTES_BY_NAME);
  }

  #bytes(name: string): Uint8Array<ArrayBuffer> {
    return this.#files.get(name) ?? new Uint8Array();
  }

  #glob(pattern: string): ChartFiles {
    const matches = globMatcher(pattern);
    return new ChartFiles([...this.#files].filter(([name]) => matches(name)));
  }

  #lines(name: string): string[] {
    const data = this.#files.get(name);
    if (data === undefined) return [];
    const text = decodeUtf8(data);
    return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
  }

  /** Base names to contents; of two files with one base name the later wins. Without the last line break, as `toYaml`. */
  #asYaml(content: (data: Uint8Array<ArrayBuffer>) => string): string {
    const table = new Map<string, string>();
    for (const [name, data] of this.#files) table.set(name.slice(name.lastIndexOf("/") + 1), content(data));
    try {
      return emitYaml(Object.fromEntries(table)).replace(/\n$/, "");
    } catch (error) {
      // Helm says nothing about a file that is no text, and prints nothing.
      if (error instanceof YamlError && error.reason === "Unrepresentable") return "";
      throw error;
    }
  }
}
