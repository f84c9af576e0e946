/** Requests to the `scale` subresource. */
import { ApiError, methodNotAllowed } from "../status.ts";
import type { Entry } from "../storage/mod.ts";
import type { KubeObject } from "../../kube/mod.ts";
import { cloneJson, isObject } from "../json_value.ts";
import { jsonPatch, mergePatch } from "../patch/mod.ts";
import { asKubeObject, readObject, readValue } from "./body.ts";
import { type Answer, jsonAnswer } from "./exchange.ts";
import { type Call, liveEntry, patchFormat, withWarnings } from "./call.ts";
import { writeOptions } from "./options.ts";
import { scaledObject, scaleOf } from "./scale.ts";
import { updateObject } from "./write.ts";

/**
 * Answers GET, PUT and PATCH of a scale.
 *
 * @throws ApiError `MethodNotAllowed`, `UnsupportedMediaType` and whatever an update throws
 */
export async function answerScale(call: Call): Promise<Answer> {
  switch (call.exchange.method) {
    case "GET":
      return jsonAnswer(scaleOf(call.target, liveEntry(call)));
    case "PUT": {
      const scale = await readObject(call.exchange);
      return writeScale(call, liveEntry(call), scale);
    }
    case "PATCH": {
      const scale = await patchedScale(call);
      return writeScale(call, liveEntry(call), scale);
    }
    default:
      throw methodNotAllowed();
  }
}

/** A scale has no lists, so a strategic merge is a merge, and an apply merges what it says. */
async function patchedScale(call: Call): Promise<KubeObject> {
  const format = patchFormat(call.exchange, { ...call.target });
  const patch = await readValue(call.exchange, format === "apply");
  const live = scaleOf(call.target, liveEntry(call));
  if (format === "json") return asKubeObject(jsonPatch(live, patch));
  if (!isObject(patch)) throw new ApiError("BadRequest", "error decoding patch: a merge patch is a JSON object");
  return asKubeObject(cloneJson(mergePatch(live, patch)));
}

function writeScale(call: Call, live: Entry, scale: KubeObject): Answer {
  const { core, exchange, target, user } = call;
  const options = writeOptions(exchange, user, "UpdateOptions");
  const { entry } = updateObject(core, target, live, scaledObject(target, live, scale), options);
  return withWarnings(jsonAnswer(scaleOf(target, entry)), options);
}
