/** Go's regular expressions: RE2 syntax and linear-time matching. */
export { RE2JS } from "npm:re2js@2.10.0";
