/** JSONPath queries; evaluation of script expressions is always off. */
export { JSONPath } from "npm:jsonpath-plus@11.3.0";
