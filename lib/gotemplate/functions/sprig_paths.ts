/** Sprig's path functions. The `os…` ones mean the platform of Helm; here it is always one with slashes. */
import { basePath, cleanPath, directoryOf, extensionOf } from "./paths.ts";
import { fn, type FunctionTable } from "../signature.ts";
import { types } from "../value.ts";

const base = fn([types.string], types.string, basePath);
const clean = fn([types.string], types.string, cleanPath);
const dir = fn([types.string], types.string, directoryOf);
const ext = fn([types.string], types.string, extensionOf);
const isAbs = fn([types.string], types.bool, (path) => path.startsWith("/"));

/** `base`, `dir`, `osClean` and their like. */
export const pathFunctions: FunctionTable = {
  base,
  clean,
  dir,
  ext,
  isAbs,
  osBase: base,
  osClean: clean,
  osDir: dir,
  osExt: ext,
  osIsAbs: isAbs,
};
