/** bcrypt password hashes. */
export { default as bcrypt } from "npm:bcryptjs@3.0.3";
