// A kubeconfig's credentials, shared for a minute: its own plugin may be run for them.
import { type RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { type ApiCredentials } from "./api-client";
import { readCredentials } from "./kube-credentials";

/** Plugins of a kubeconfig hand out tokens that live minutes; asked again this often. */
const SHARED_MS = 60_000;

/** Of the kubeconfig's current context, whose server is given. */
export function kubeconfigCredentials(
  server: string,
  kubeconfig: string | KubeConfig,
): ApiCredentials {
  let shared: { readonly options: Promise<RequestOptions>; readonly until: number } | undefined;
  return {
    server,
    /** Calls at the same time share one answer. */
    options() {
      const now = performance.now();
      if (shared !== undefined && now < shared.until) return shared.options;
      const asked = { options: read(kubeconfig), until: now + SHARED_MS };
      shared = asked;
      asked.options.catch(() => {
        if (shared === asked) shared = undefined;
      });
      return asked.options;
    },
  };
}

async function read(kubeconfig: string | KubeConfig): Promise<RequestOptions> {
  try {
    return await readCredentials(kubeconfig);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the kubeconfig yields no credentials: ${why}`, { cause });
  }
}
