// Reads a kubeconfig: which cluster it speaks of, and why it can't be used.
//
// Not with the Kubernetes client, whose thousand files take half a second to load: a program that declares an endpoint
// only needs to know the cluster.
import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { type ClusterIdentity, identityOf } from "../core/cluster-identity";
import { isRecord } from "../../values/is-record";

type JsonObject = Readonly<Record<string, unknown>>;

/** What the current context says, its credentials apart. */
export interface KnownKubeConfig {
  readonly ok: true;
  readonly text: string;
  readonly identity: ClusterIdentity;
  /** How the API server is to be reached, where not directly. */
  readonly proxyUrl: string | undefined;
}

export type KubeConfigResult = KnownKubeConfig | { readonly ok: false; readonly message: string };

/** A run works with one or two; more are a sign of a long-lived process. */
const MOST_REMEMBERED = 8;
const remembered = new Map<string, KubeConfigResult>();

/**
 * The kubeconfig's current context, or one sentence that says what is wrong; the sentence holds nothing secret. The
 * same text gives the same result, read once per process: a hundred endpoints have one kubeconfig.
 */
export function readKubeConfig(text: string): KubeConfigResult {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const result = parseKubeConfig(text);
  // A file that could not be read may be there the next time.
  if (!result.ok) return result;
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(text, result);
  return result;
}

function parseKubeConfig(text: string): KubeConfigResult {
  const config = parse(text);
  if (config === undefined) return bad("it is not a kubeconfig in YAML or JSON");
  const currentContext = textAt(config, "current-context");
  if (currentContext === undefined) return bad("it names no current-context");
  const context = entry(config, "contexts", "context", currentContext);
  const name = textAt(context, "cluster") ?? "";
  const cluster = entry(config, "clusters", "cluster", name);
  if (cluster === undefined) return bad(`its context ${currentContext} has no cluster`);
  const server = (textAt(cluster, "server") ?? "").replace(/\/$/, "");
  if (!URL.canParse(server) || new URL(server).protocol !== "https:") {
    return bad(`the server of cluster ${name} must be an https URL`);
  }
  if (cluster["insecure-skip-tls-verify"] === true) {
    return bad(
      `cluster ${name} sets insecure-skip-tls-verify: give certificate-authority-data instead`,
    );
  }
  if (entry(config, "users", "user", textAt(context, "user") ?? "") === undefined) {
    return bad(`its context ${currentContext} has no user`);
  }
  const file = textAt(cluster, "certificate-authority");
  const pem = authority(textAt(cluster, "certificate-authority-data"), file);
  if (pem === undefined) return bad(`its certificate-authority ${file ?? ""} can't be read`);
  const proxyUrl = textAt(cluster, "proxy-url");
  return { ok: true, text, identity: identityOf(server, pem), proxyUrl };
}

/** Undefined, and no parser's message: that would quote the text, credentials included. */
function parse(text: string): JsonObject | undefined {
  try {
    const config = load(text);
    return isRecord(config) ? config : undefined;
  } catch {
    return undefined;
  }
}

/** What the named entry of a list holds: `contexts: [{ name, context: {…} }]`. */
function entry(
  config: JsonObject,
  list: string,
  member: string,
  name: string,
): JsonObject | undefined {
  const entries: unknown = config[list];
  const found = (Array.isArray(entries) ? entries : [])
    .filter(isRecord)
    .find((each) => each["name"] === name);
  const held = found?.[member];
  return isRecord(held) ? held : undefined;
}

function textAt(object: JsonObject | undefined, name: string): string | undefined {
  const value = object?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function bad(what: string): KubeConfigResult {
  return { ok: false, message: `kubeconfig can't be used: ${what}` };
}

function authority(data: string | undefined, file: string | undefined): string | undefined {
  if (data) return Buffer.from(data, "base64").toString("utf8");
  if (!file) return "";
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
