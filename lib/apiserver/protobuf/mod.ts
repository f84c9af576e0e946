/** Protobuf bodies of the kinds that kubectl creates by command. */
export { decodeProtobuf, ProtobufError } from "./decode.ts";
