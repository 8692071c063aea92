/** Diff for a process that has no engine: with what the engine does to the inputs before it asks the plugin. */
import { type DiffRequest, type DiffResponse } from "@pulumi/pulumi/proto/provider_pb";
import { fromStruct, toStruct } from "../../resource-plugin";
import { keepIgnored } from "../core/keep-ignored";
import { diff } from "./diff";

/** `diff()` of a request whose new inputs are still as the program wrote them, `ignoreChanges` among them. */
export function diffWithoutEngine(request: DiffRequest): DiffResponse {
  const before = fromStruct(request.getOldInputs());
  const after = fromStruct(request.getNews());
  const asked = request.clone();
  asked.setNews(toStruct(keepIgnored(before, after, request.getIgnorechangesList())));
  return diff(asked);
}
