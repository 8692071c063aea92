// Credentials of a kubeconfig, cached for a minute: reading them may run the kubeconfig's exec plugin.
import { type RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { type ApiCredentials } from "./api-client";
import { readCredentials } from "./kube-credentials";
import { messageOf } from "../../values/message-of";

/** Lifetime of the cache, in milliseconds. Exec plugins issue tokens that are valid for minutes. */
const CACHE_MS = 60_000;

/** Credentials of the kubeconfig's current context, whose API server is `server`. */
export function kubeconfigCredentials(
  server: string,
  kubeconfig: string | KubeConfig,
): ApiCredentials {
  let cached: { readonly options: Promise<RequestOptions>; readonly until: number } | undefined;
  return {
    server,
    /** Concurrent calls share one result. */
    options() {
      const now = performance.now();
      if (cached !== undefined && now < cached.until) return cached.options;
      const latest = { options: read(kubeconfig), until: now + CACHE_MS };
      cached = latest;
      latest.options.catch(() => {
        if (cached === latest) cached = undefined;
      });
      return latest.options;
    },
  };
}

async function read(kubeconfig: string | KubeConfig): Promise<RequestOptions> {
  try {
    return await readCredentials(kubeconfig);
  } catch (cause) {
    const why = messageOf(cause);
    throw new Error(`the kubeconfig yields no credentials: ${why}`, { cause });
  }
}
