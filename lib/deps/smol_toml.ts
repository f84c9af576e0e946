/** TOML parser. */
export { parse as parseToml } from "npm:smol-toml@1.9.1";
