// Reads a kubeconfig: which cluster it speaks of, and why it can't be used.
import { readFileSync } from "node:fs";
import { KubeConfig } from "@kubernetes/client-node";
import { type ClusterIdentity, identityOf } from "../core/cluster-identity";

export type KubeConfigResult =
  | { readonly ok: true; readonly config: KubeConfig; readonly identity: ClusterIdentity }
  | { readonly ok: false; readonly message: string };

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
  const config = new KubeConfig();
  try {
    config.loadFromString(text);
  } catch {
    // The parser's message would quote the text, credentials included.
    return bad("it is not a kubeconfig in YAML or JSON");
  }
  if (!config.currentContext) return bad("it names no current-context");
  const cluster = config.getCurrentCluster();
  if (!cluster) return bad(`its context ${config.currentContext} has no cluster`);
  if (!URL.canParse(cluster.server) || new URL(cluster.server).protocol !== "https:") {
    return bad(`the server of cluster ${cluster.name} must be an https URL`);
  }
  if (cluster.skipTLSVerify) {
    return bad(
      `cluster ${cluster.name} sets insecure-skip-tls-verify: give certificate-authority-data instead`,
    );
  }
  if (!config.getCurrentUser()) return bad(`its context ${config.currentContext} has no user`);
  const pem = authority(cluster.caData, cluster.caFile);
  if (pem === undefined) return bad(`its certificate-authority ${cluster.caFile} can't be read`);
  return { ok: true, config, identity: identityOf(cluster.server, pem) };
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
