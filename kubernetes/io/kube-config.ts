// Reads a kubeconfig and its certificate-authority file: the cluster's identity, or why the kubeconfig can't be used.
import { readFileSync } from "node:fs";
import { type ClusterIdentity, identityOf } from "../core/cluster-identity";
import { parseKubeConfig, unusable, type UnusableKubeConfig } from "../core/parse-kube-config";

/** The current context, without its credentials. */
export interface KnownKubeConfig {
  readonly ok: true;
  readonly text: string;
  readonly identity: ClusterIdentity;
  /** Proxy to the API server; undefined for a direct connection. */
  readonly proxyUrl: string | undefined;
}

export type KubeConfigResult = KnownKubeConfig | UnusableKubeConfig;

/** A run uses one or two kubeconfigs; the limit keeps a long-lived process from collecting them. */
const MAX_CACHED = 8;
const cache = new Map<string, KubeConfigResult>();

/**
 * The kubeconfig's current context, or one sentence without secrets that says why it can't be used. Each text is read
 * once per process, because a hundred endpoints may share one kubeconfig.
 */
export function readKubeConfig(text: string): KubeConfigResult {
  const cached = cache.get(text);
  if (cached !== undefined) return cached;
  const result = readUncached(text);
  // Not cached: a missing certificate-authority file may exist the next time.
  if (!result.ok) return result;
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(text, result);
  return result;
}

function readUncached(text: string): KubeConfigResult {
  const parsed = parseKubeConfig(text);
  if (!parsed.ok) return parsed;
  const { server, authority, proxyUrl } = parsed;
  if ("pem" in authority) {
    return { ok: true, text, identity: identityOf(server, authority.pem), proxyUrl };
  }
  try {
    const pem = readFileSync(authority.file, "utf8");
    return { ok: true, text, identity: identityOf(server, pem), proxyUrl };
  } catch {
    return unusable(`its certificate-authority ${authority.file} can't be read`);
  }
}
