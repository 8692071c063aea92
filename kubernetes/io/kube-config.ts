// Reads a kubeconfig, with the file of its certificate authority: which cluster it speaks of, and why it can't be used.
import { readFileSync } from "node:fs";
import { type ClusterIdentity, identityOf } from "../core/cluster-identity";
import { parseKubeConfig, unusable, type UnusableKubeConfig } from "../core/parse-kube-config";

/** What the current context says, its credentials apart. */
export interface KnownKubeConfig {
  readonly ok: true;
  readonly text: string;
  readonly identity: ClusterIdentity;
  /** How the API server is to be reached, where not directly. */
  readonly proxyUrl: string | undefined;
}

export type KubeConfigResult = KnownKubeConfig | UnusableKubeConfig;

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
  const result = readUnknown(text);
  // A file that could not be read may be there the next time.
  if (!result.ok) return result;
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(text, result);
  return result;
}

function readUnknown(text: string): KubeConfigResult {
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
