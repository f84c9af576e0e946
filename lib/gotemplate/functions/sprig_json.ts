/** Sprig's JSON functions (`toJson`, `mustToJson` and `fromJson` are Helm's in a chart). */
import { decodeJson, JsonDecodeError } from "./json_decode.ts";
import { encodeJson, JsonEncodeError, type JsonStyle } from "./json_encode.ts";
import { fn, FunctionError, type FunctionTable } from "../signature.ts";
import { types, type Value } from "../value.ts";

const COMPACT: JsonStyle = { escapeHtml: true, indent: "" };
const PRETTY: JsonStyle = { escapeHtml: true, indent: "  " };
const RAW: JsonStyle = { escapeHtml: false, indent: "" };

/** Writes; what JSON cannot show is an error, or gives an empty text. */
function encoder(style: JsonStyle, strict: boolean) {
  return fn([types.any], types.string, (value) => {
    try {
      return encodeJson(value, style);
    } catch (error) {
      if (!(error instanceof JsonEncodeError)) throw error;
      if (strict) throw new FunctionError(error.message, { cause: error });
      return "";
    }
  });
}

function decoder(strict: boolean) {
  return fn([types.string], types.any, (text): Value => {
    try {
      return decodeJson(text);
    } catch (error) {
      if (!(error instanceof JsonDecodeError)) throw error;
      if (strict) throw new FunctionError(error.message, { cause: error });
      return null;
    }
  });
}

/** `toJson`, `toPrettyJson`, `toRawJson`, `fromJson` and their strict forms. */
export const jsonFunctions: FunctionTable = {
  toJson: encoder(COMPACT, false),
  mustToJson: encoder(COMPACT, true),
  toPrettyJson: encoder(PRETTY, false),
  mustToPrettyJson: encoder(PRETTY, true),
  toRawJson: encoder(RAW, true),
  mustToRawJson: encoder(RAW, true),
  fromJson: decoder(false),
  mustFromJson: decoder(true),
};
