/** Command-line parsing. */
export { Command, InvalidArgumentError, Option } from "npm:commander@15.1.0";
