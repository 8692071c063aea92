// Which routers share the versions: one ConfigMap in the routers' namespace, written by the autoscaler's leader.

import { type Illegal, illegal, isCount, isObject, parseJson } from "./parse-json";
import { isRouterId, type RouterId } from "./router-id";

/** Name of the ConfigMap. */
export const ASSIGNMENT_CONFIG_MAP = "aml-inference-routers";
/** Its key, whose value is an Assignment as JSON. */
export const ASSIGNMENT_KEY = "assignment";

export interface AssignedRouter {
  readonly id: RouterId;
  /** Host and port for the other routers. */
  readonly address: string;
  /** What the router is ranked by: chosen when it joins, so that the shares are even. */
  readonly seed: string;
  /** True: owns nothing any more. It is listed until it is fenced, because it may still have requests. */
  readonly isLeaving: boolean;
}

/** Every router that ever was in an assignment is in all later ones, until its Lease is fenced. */
export interface Assignment {
  /** From 1. One epoch has one list: the ConfigMap is written with its resourceVersion. */
  readonly epoch: number;
  readonly routers: readonly AssignedRouter[];
}

/** Before the first assignment. */
export const NO_ASSIGNMENT: Assignment = { epoch: 0, routers: [] };

/** Most routers that an assignment may list, with those that leave. */
export const MAX_ROUTERS = 64;

export type ParsedAssignment = { readonly ok: true; readonly assignment: Assignment } | Illegal;

/** The Assignment in a text, or a message with the property's path and what is legal. */
export function parseAssignment(text: string): ParsedAssignment {
  return readAssignment(parseJson(text));
}

/** The same for a value that is part of a JSON text. */
export function readAssignment(value: unknown): ParsedAssignment {
  if (!isObject(value)) return illegal(ASSIGNMENT_KEY, value, "an object as JSON");
  const { epoch, routers } = value;
  if (!isCount(epoch, 1)) return illegal("epoch", epoch, "a whole number from 1");
  if (!Array.isArray(routers) || routers.length > MAX_ROUTERS) {
    return illegal("routers", routers, `a list of at most ${MAX_ROUTERS}`);
  }
  const parsed: AssignedRouter[] = [];
  for (const [index, router] of (routers as unknown[]).entries()) {
    const path = `routers[${index}]`;
    if (!isObject(router)) return illegal(path, router, "an object");
    const { id, address, seed, isLeaving } = router;
    if (!isRouterId(id)) return illegal(`${path}.id`, id, "<pod>/<uid>/<term>");
    if (parsed.some((other) => other.id === id)) return illegal(`${path}.id`, id, "listed once");
    if (typeof address !== "string" || !/^\S+:\d+$/.test(address)) {
      return illegal(`${path}.address`, address, "<host>:<port>");
    }
    if (typeof seed !== "string" || seed === "") return illegal(`${path}.seed`, seed, "a text");
    if (typeof isLeaving !== "boolean") {
      return illegal(`${path}.isLeaving`, isLeaving, "true or false");
    }
    parsed.push({ id, address, seed, isLeaving });
  }
  return { ok: true, assignment: { epoch, routers: parsed } };
}
