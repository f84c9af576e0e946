/** A parsed YAML node, the common form of both parsers. Lines count from 1. */
export type YamlNode =
  | {
    readonly kind: "scalar";
    readonly text: string;
    readonly plain: boolean;
    /** Explicit tag, core tags without their prefix (`int`), others as written; undefined where there is none. */
    readonly tag: string | undefined;
    readonly line: number;
  }
  | { readonly kind: "sequence"; readonly items: YamlNode[]; readonly line: number }
  | { readonly kind: "mapping"; readonly pairs: [YamlNode, YamlNode][]; readonly line: number }
  | { readonly kind: "alias"; readonly name: string; readonly target: YamlNode | undefined; readonly line: number };

const CORE_PREFIX = "tag:yaml.org,2002:";

/** Brings a tag as written (`!!int`, `!<tag:yaml.org,2002:int>`, `!local`) to the form that `YamlNode` keeps. */
export function shortTag(tag: string): string {
  if (tag.startsWith("!!")) return tag.slice(2);
  if (tag.startsWith("!<") && tag.endsWith(">")) return shortTag(tag.slice(2, -1));
  return tag.startsWith(CORE_PREFIX) ? tag.slice(CORE_PREFIX.length) : tag;
}
