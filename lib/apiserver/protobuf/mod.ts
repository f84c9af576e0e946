/** Protobuf bodies of the kinds that kubectl creates by command. */
export { decodeProtobuf, PROTOBUF, ProtobufError } from "./decode.ts";
