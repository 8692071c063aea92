// Names of endpoints and versions, and of the Kubernetes objects of a version.
import { createHash } from "node:crypto";
import {
  isServiceName,
  NAME_MAX_LENGTH,
  NAME_MIN_LENGTH,
} from "../../contracts/model-endpoint/limits";
import { type ArgumentError, shown } from "../../values/argument-error";

/** Maximum length of a Service's name. */
const MAX_OBJECT_NAME = 63;

/** Errors of the name of an endpoint or version (azureml-semantics, row 21). */
export function validateServiceName(path: string, name: string): ArgumentError[] {
  if (isServiceName(name)) return [];
  const legal =
    `must have a name of ${NAME_MIN_LENGTH} to ${NAME_MAX_LENGTH} lower-case letters, digits and dashes ` +
    "that starts with a letter and ends without a dash";
  return [{ path, reason: `${legal}: it is ${shown(name)}` }];
}

/**
 * Name of a version's Deployment and Service: `<endpoint>-<version>-<5 hex digits>`, at most 63 characters.
 * The digits distinguish endpoint `a-b`, version `c` from endpoint `a`, version `b-c`.
 */
export function versionObjectName(endpoint: string, version: string): string {
  const digest = createHash("sha256").update(`${endpoint}/${version}`).digest("hex").slice(0, 5);
  const readable = `${endpoint}-${version}`.slice(0, MAX_OBJECT_NAME - digest.length - 1);
  return `${readable.replace(/-+$/, "")}-${digest}`;
}
