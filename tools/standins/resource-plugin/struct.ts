/** Property bags to and from the protocol buffers that carry them. */
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { isRecord, withoutUndefined, type PropertyMap } from "../property-value/index";

/** The bag inside a message's field; empty when the field is absent. */
export function fromStruct(struct: Struct | undefined): PropertyMap {
  const value: unknown = struct?.toJavaScript();
  return isRecord(value) ? value : {};
}

/** A message's field that holds the bag. */
export function toStruct(properties: PropertyMap): Struct {
  // The cast is true by construction: a bag is JSON, and undefined has just been taken out.
  return Struct.fromJavaScript(withoutUndefined(properties) as Record<string, JavaScriptValue>);
}
