// Parses a kubeconfig: the cluster of its current context, or why the kubeconfig can't be used.
//
// Avoids the Kubernetes client, whose thousand files take half a second to load: a program that declares an endpoint
// needs only the cluster's identity.
import { type JsonObject } from "../../values/json-object";
import { load } from "js-yaml";
import { isRecord } from "../../values/is-record";

/** Why a kubeconfig can't be used: one sentence, without secrets. */
export interface UnusableKubeConfig {
  readonly ok: false;
  readonly message: string;
}

/** The current context, without its credentials. */
export interface ParsedKubeConfig {
  readonly ok: true;
  readonly server: string;
  /** CA certificate of the server: PEM, empty for a public CA, or the path of a file with it. */
  readonly authority: { readonly pem: string } | { readonly file: string };
  /** Proxy to the API server; undefined for a direct connection. */
  readonly proxyUrl: string | undefined;
}

export function parseKubeConfig(text: string): ParsedKubeConfig | UnusableKubeConfig {
  const config = parse(text);
  if (config === undefined) return unusable("it is not a kubeconfig in YAML or JSON");
  const currentContext = textAt(config, "current-context");
  if (currentContext === undefined) return unusable("it names no current-context");
  const context = entry(config, "contexts", "context", currentContext);
  const name = textAt(context, "cluster") ?? "";
  const cluster = entry(config, "clusters", "cluster", name);
  if (cluster === undefined) return unusable(`its context ${currentContext} has no cluster`);
  const server = (textAt(cluster, "server") ?? "").replace(/\/$/, "");
  if (!URL.canParse(server) || new URL(server).protocol !== "https:") {
    return unusable(`the server of cluster ${name} must be an https URL`);
  }
  if (cluster["insecure-skip-tls-verify"] === true) {
    return unusable(
      `cluster ${name} sets insecure-skip-tls-verify: give certificate-authority-data instead`,
    );
  }
  if (entry(config, "users", "user", textAt(context, "user") ?? "") === undefined) {
    return unusable(`its context ${currentContext} has no user`);
  }
  const proxyUrl = textAt(cluster, "proxy-url");
  return { ok: true, server, authority: authorityOf(cluster), proxyUrl };
}

export function unusable(why: string): UnusableKubeConfig {
  return { ok: false, message: `kubeconfig can't be used: ${why}` };
}

/** Undefined for invalid YAML: the parser's message would quote the text, credentials included. */
function parse(text: string): JsonObject | undefined {
  try {
    const config = load(text);
    return isRecord(config) ? config : undefined;
  } catch {
    return undefined;
  }
}

/** The `member` of a list's entry with that name: `contexts: [{ name, context: {…} }]`. */
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

function authorityOf(cluster: JsonObject): ParsedKubeConfig["authority"] {
  const data = textAt(cluster, "certificate-authority-data");
  if (data !== undefined) return { pem: Buffer.from(data, "base64").toString("utf8") };
  const file = textAt(cluster, "certificate-authority");
  return file === undefined ? { pem: "" } : { file };
}

function textAt(object: JsonObject | undefined, name: string): string | undefined {
  const value = object?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
