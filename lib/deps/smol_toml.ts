/** TOML parser. */
export { parse as parseToml, TomlDate } from "npm:smol-toml@1.9.1";
