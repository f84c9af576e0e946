import type { Environment } from "./environment.ts";
import { bound } from "./environment.ts";
import { natives } from "./natives.ts";
import { parseDefinitions } from "./parser.ts";

/** Built-in functions that jq itself can express. */
const PRELUDE = `
def map(f): [.[] | f];
def first(f): label $out | (f | ., break $out);
def _modify(p; f): reduce path(p) as $p ([., []]; . as $s | label $out
  | (([$s[0] | getpath($p) | first(f)]) as $new | if $new == [] then [$s[0], $s[1] + [$p]] else [($s[0] | setpath($p; $new[0])), $s[1]] end))
  | . as $s | $s[0] | delpaths($s[1]);
def select(f): if f then . else empty end;
def recurse(f): def r: ., (f | r); r;
def recurse(f; cond): def r: ., (f | select(cond) | r); r;
def values: select(. != null);
def nulls: select(. == null);
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def strings: select(type == "string");
def arrays: select(type == "array");
def objects: select(type == "object");
def iterables: select(type == "array" or type == "object");
def scalars: select(type != "array" and type != "object");
def map_values(f): .[] |= f;
def recurse: recurse(.[]?);
def to_entries: [keys_unsorted[] as $k | {key: $k, value: .[$k]}];
def from_entries: reduce .[] as $x ({}; . + { ($x | if .key == null then .k // .name // .Name // .K // .Key else .key end
  | if type == "string" then . else tojson end): ($x | if has("value") then .value elif has("v") then .v else .Value end) });
def with_entries(f): to_entries | map(f) | from_entries;
def while(cond; update): def w: if cond then ., (update | w) else empty end; w;
def range($n): range(0; $n; 1);
def range($from; $upto): range($from; $upto; 1);
def until(cond; update): def u: if cond then . else (update | u) end; u;
def repeat(f): def r: ., (f | r); r;
def limit($n; f): if $n <= 0 then empty else label $out | foreach f as $x (0; . + 1; $x, if . >= $n then break $out else empty end) end;
def first: .[0];
def last(f): reduce f as $x (null; $x);
def last: .[-1];
def nth($n): .[$n];
def nth($n; f): if $n < 0 then error("Out of bounds negative array index") else last(limit($n + 1; f)) end;
def isempty(g): label $out | (g | false, break $out), true;
def any(g; cond): isempty(first(g | cond or empty)) | not;
def any(f): any(.[]; f);
def any: any(.);
def all(g; cond): isempty(first(g | cond and empty));
def all(f): reduce (.[] | f) as $x (true; . and $x);
def all: all(.);
def add(f): reduce f as $x (null; . + $x);
def add: add(.[]);
def in(xs): . as $x | xs | has($x);
def inside(xs): . as $x | xs | contains($x);
def isvalid(f): try (f | true) catch false;
def paths: path(..) | select(length > 0);
def paths(f): path(.. | select(f)) | select(length > 0);
def leaf_paths: paths(scalars);
def del(f): delpaths([path(f)]);
def to_array: if type == "array" then . else [.] end;
def toarray: to_array;
def pick(f): . as $top | reduce path(f) as $p (null; setpath($p; $top | getpath($p)));
def walk(f): def w: if type == "object" then map_values(w) elif type == "array" then map(w) else . end | f; w;
def sort_by(f): _sort_by(map([f]));
def group_by(f): _group_by(map([f]));
def unique_by(f): [group_by(f)[] | .[0]];
def unique: unique_by(.);
def min_by(f): _min_by(map([f]));
def max_by(f): _max_by(map([f]));
def ascii: [.] | implode;
def todate: todateiso8601;
def fromdate: fromdateiso8601;
def transpose: if . == [] then [] else . as $in | (map(length) | max) as $n | [range($n) as $j | [$in[][$j]]] end;
def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end;
def combinations($n): . as $dot | [range($n)] | map($dot) | combinations;
def match($re; $flags): _match($re; $flags) | .[];
def match($re): match($re; null);
def test($re; $flags): _match($re; $flags) | length > 0;
def test($re): test($re; null);
def capture($re; $flags): match($re; $flags) | [.captures[] | select(.name != null) | {key: .name, value: .string}] | from_entries;
def capture($re): capture($re; null);
def scan($re; $flags): match($re; "g" + $flags) | if (.captures | length) == 0 then .string else [.captures[].string] end;
def scan($re): scan($re; null);
def split($re; $flags): . as $s | [foreach (match($re; "g" + $flags), null) as $m ({at: 0};
  if $m == null then .part = $s[.at:] else .part = $s[.at:$m.offset] | .at = $m.offset + $m.length end; .part)];
def splits($re; $flags): split($re; $flags) | .[];
def splits($re): splits($re; null);
def sub($re; str; $flags): . as $in | (reduce (match($re; $flags) | . as $m
  | ($m.captures | map(select(.name != null) | {key: .name, value: .string}) | from_entries) as $c | [$m, ($c | str)]) as [$m, $new]
  ({at: 0, out: ""}; .out += $in[.at:$m.offset] + $new | .at = $m.offset + $m.length)) | .out + $in[.at:];
def sub($re; str): sub($re; str; "");
def gsub($re; str): sub($re; str; "g");
def gsub($re; str; $flags): sub($re; str; $flags + "g");
`;

/** Made at the first use: most processes never run jq. */
let cached: { readonly env: Environment | undefined; readonly known: ReadonlySet<string> } | undefined;

/** The built-in functions: those written in jq as an environment, and the signatures of all. */
export function prelude(): { readonly env: Environment | undefined; readonly known: ReadonlySet<string> } {
  if (cached !== undefined) return cached;
  const definitions = parseDefinitions(PRELUDE);
  const signatures = definitions.map(({ name, params }) => `${name}/${params.length}`);
  // A definition sees those before it and itself.
  const env = definitions.reduce<Environment | undefined>(
    (outer, definition, i) => bound(outer, signatures[i] ?? "", { kind: "function", definition }),
    undefined,
  );
  cached = {
    env,
    known: new Set([...signatures, ...Object.keys(natives), "empty/0", "range/3", "path/1", "getpath/1"]),
  };
  return cached;
}
