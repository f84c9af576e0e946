import { expandWildcards, getValue } from "./access.ts";
import { FieldPathError } from "./errors.ts";
import { type FieldPath, hasWildcard } from "./field_path.ts";
import type { Json } from "./json.ts";
import { parseConcreteJsonPath, queryJsonPath } from "./json_path.ts";
import { parseFieldPath } from "./parse_field_path.ts";

/** A path that was parsed once and reads many objects. */
export interface Locator {
  /** The path as it was written. */
  readonly text: string;
  /** The places that the path always means, wildcards included; `undefined` where only a query of an object can tell. */
  readonly path: FieldPath | undefined;
  /**
   * The value at the path; the list of values where the path names several places.
   *
   * @throws {FieldPathError} `NotFound` and others, as `getValue`; a query that finds nothing is `NotFound` too.
   */
  read(root: Json): Json;
  /**
   * The concrete places to write in an object. A path without wildcards names its place whether or not there is anything yet.
   *
   * @throws {FieldPathError} `NotWritable` where a query meets nothing that exists.
   */
  places(root: Json): FieldPath[];
}

/**
 * Compiles a path in either dialect: JSONPath where it begins with `$`, else a field path.
 *
 * @throws {FieldPathError} `Empty` or `Syntax`.
 */
export function compilePath(text: string): Locator {
  if (!text.startsWith("$")) return located(text, parseFieldPath(text));
  const path = parseConcreteJsonPath(text);
  return path === undefined ? queried(text) : located(text, path);
}

function located(text: string, path: FieldPath): Locator {
  const isMany = hasWildcard(path);
  return {
    text,
    path,
    read: (root) => isMany ? expandWildcards(root, path).map((one) => getValue(root, one)) : getValue(root, path),
    places: (root) => expandWildcards(root, path),
  };
}

function queried(text: string): Locator {
  // Fails here, and not at the first object, where the text is no JSONPath.
  queryJsonPath(text, {});
  return {
    text,
    path: undefined,
    read: (root) => {
      const places = queryJsonPath(text, root);
      if (places.length === 0) throw new FieldPathError("NotFound", `${text}: the query finds nothing`);
      return places.map((place) => getValue(root, place));
    },
    places: (root) => {
      const places = queryJsonPath(text, root);
      if (places.length > 0) return places;
      throw new FieldPathError(
        "NotWritable",
        `${text}: the query finds nothing that could be written: name a concrete place, such as $.data.key`,
      );
    },
  };
}
