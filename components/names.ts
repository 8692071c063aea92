// Names: what Azure ML v1 and Kubernetes accept, and how the objects of a version are called.
import { createHash } from "node:crypto";
import { NAME_MAX_LENGTH, NAME_MIN_LENGTH, NAME_PATTERN } from "../serving/model-endpoint/limits";
import { type ArgumentProblem, shown } from "../provider/core/argument-problem";
import { UNKNOWN } from "../provider/core/unknown";

const SERVICE_NAME = new RegExp(NAME_PATTERN);

/** A namespace, at most 63 characters (row 22; Kubernetes' DNS label). */
const NAMESPACE = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Longest name of a Service. */
const MAX_OBJECT_NAME = 63;

/** A name of an endpoint or of a version (azureml-semantics, row 21). */
export function checkServiceName(path: string, name: string): ArgumentProblem[] {
  const fits = name.length >= NAME_MIN_LENGTH && name.length <= NAME_MAX_LENGTH;
  if (fits && SERVICE_NAME.test(name)) return [];
  const legal =
    `must have a name of ${NAME_MIN_LENGTH} to ${NAME_MAX_LENGTH} lower-case letters, digits and dashes ` +
    "that starts with a letter and ends without a dash";
  return [{ path, reason: `${legal}: it is ${shown(name)}` }];
}

export function checkNamespace(path: string, value: unknown): ArgumentProblem[] {
  if (value === undefined || value === UNKNOWN) return [];
  if (typeof value === "string" && NAMESPACE.test(value) && value.length <= 63) return [];
  const legal =
    "must be at most 63 lower-case letters, digits and dashes without a dash at either end";
  return [{ path, reason: `${legal}: it is ${shown(value)}` }];
}

/**
 * Name of a version's Deployment and Service: `<endpoint>-<version>-<5 hex digits>`, at most 63 characters.
 * The digits keep endpoint `a-b`, version `c` apart from endpoint `a`, version `b-c`.
 */
export function versionObjectName(endpoint: string, version: string): string {
  const digest = createHash("sha256").update(`${endpoint}/${version}`).digest("hex").slice(0, 5);
  const readable = `${endpoint}-${version}`.slice(0, MAX_OBJECT_NAME - digest.length - 1);
  return `${readable.replace(/-+$/, "")}-${digest}`;
}
