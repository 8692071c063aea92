/** The part of a resource's outputs that a program could have written, by the SDK's type declarations. */
import { isRecord, type PropertyMap } from "../../property-value";

/** A type's members, each with the text of its type: `pulumi.Input<pulumi.Input<string>[] | undefined>`. */
export type TypeMembers = ReadonlyMap<string, string>;

/** Gives the members of a nested type by its name: `containerservice.ManagedClusterAgentPoolProfileArgs`. */
export type NestedTypes = (name: string) => TypeMembers;

/** The members of the interface whose declaration begins with `head`; empty when there is none. */
export function membersOf(declarations: string, head: string): TypeMembers {
  const start = declarations.indexOf(head);
  if (start < 0) return new Map();
  const indent = start - 1 - declarations.lastIndexOf("\n", start - 1);
  const margin = " ".repeat(/^ *$/.test(declarations.slice(start - indent, start)) ? indent : 0);
  const end = declarations.indexOf(`\n${margin}}`, start);
  const members = new Map<string, string>();
  const lines = declarations.slice(start, end).split("\n");
  let name: string | undefined;
  for (const line of lines) {
    const [, opened, type = ""] = new RegExp(`^${margin} {4}(\\w+)\\??: (.*)$`).exec(line) ?? [];
    if (opened !== undefined) {
      name = opened;
      members.set(name, type);
    } else if (name !== undefined && line.startsWith(`${margin}     `)) {
      // The map's `[key: string]` line; documentation begins with an asterisk.
      if (!/^\s*\*/.test(line)) members.set(name, `${members.get(name) ?? ""} ${line.trim()}`);
    }
  }
  return members;
}

/**
 * The values among outputs that a program could have written: those of its arguments, without what only Azure writes
 * (the vendor's SdkOutputsToSdkInputs). A map that the SDK has as a list of names becomes that list.
 */
export function toInputShape(
  outputs: PropertyMap,
  members: TypeMembers,
  nested: NestedTypes,
): PropertyMap {
  const shape: PropertyMap = {};
  for (const [name, type] of members) {
    const value = outputs[name];
    if (value !== undefined && value !== null) shape[name] = shapeOf(value, type, nested);
  }
  return shape;
}

function shapeOf(value: unknown, type: string, nested: NestedTypes): unknown {
  const name = /inputs\.(\w+\.\w+)/.exec(type)?.[1];
  if (Array.isArray(value)) return value.map((item) => shapeOf(item, elementType(type), nested));
  if (!isRecord(value)) return value;
  if (type.includes("[key: string]")) {
    const of = type.slice(type.indexOf("[key: string]") + "[key: string]".length);
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, shapeOf(item, of, nested)]),
    );
  }
  if (name !== undefined) return toInputShape(value, nested(name), nested);
  return type.includes("string>[]") ? Object.keys(value) : value;
}

/** What the elements of a list are; a list of a list is not in the SDK. */
function elementType(type: string): string {
  return type.replace("[]", "");
}

/** `properties` without collections in which there is nothing, as an import leaves them out. */
export function withoutEmptyCollections(properties: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(properties)
      .map(([name, value]) => [name, keepFilled(value)] as const)
      .filter(([, value]) => value !== undefined),
  );
}

function keepFilled(value: unknown): unknown {
  if (Array.isArray(value)) {
    const filled = value.map(keepFilled).filter((item) => item !== undefined);
    return filled.length === 0 ? undefined : filled;
  }
  if (!isRecord(value)) return value ?? undefined;
  const filled = withoutEmptyCollections(value);
  return Object.keys(filled).length === 0 ? undefined : filled;
}
