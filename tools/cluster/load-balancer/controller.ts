// The local cluster's load balancer: writes loopback addresses into the status of Services; kube-proxy does the rest.
import { setTimeout as sleep } from "node:timers/promises";
import {
  CoreV1Api,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  Watch,
  type V1Service,
} from "@kubernetes/client-node";
import { assignAddresses, type ServiceView } from "./assign-addresses";

export interface LoadBalancerOptions {
  readonly kubeconfig: string;
  /** The addresses to give out. */
  readonly addresses: readonly string[];
  /** A second address for every Service: where its traffic arrives when it was translated on the way. */
  readonly nodeAddress?: string;
  readonly log: (line: string) => void;
}

/** Watches all Services for ever. The API server may come and go: every new watch begins with a full look. */
export async function runLoadBalancer(options: LoadBalancerOptions): Promise<never> {
  const { log } = options;
  const config = new KubeConfig();
  config.loadFromFile(options.kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  let problems: ReadonlySet<string> = new Set();
  let lastFailure = "";
  for (;;) {
    try {
      await watchServices(config, async () => {
        problems = await balance(api, options, problems);
      });
      lastFailure = "";
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      if (failure !== lastFailure) log(`${new Date().toISOString()} ${failure}\n`);
      lastFailure = failure;
    }
    await sleep(500);
  }
}

/** Calls `onChange` at the start and after changes, one call at a time; returns when the watch ends. */
async function watchServices(config: KubeConfig, onChange: () => Promise<void>): Promise<void> {
  let changed = true;
  let ended = false;
  let endError: unknown;
  let wake: () => void = () => undefined;
  const controller = await new Watch(config).watch(
    "/api/v1/services",
    // Shorter than the 30 s after which the client gives up.
    { timeoutSeconds: 25 },
    () => {
      changed = true;
      wake();
    },
    (error) => {
      ended = true;
      endError = error;
      wake();
    },
  );
  try {
    while (!ended) {
      if (changed) {
        changed = false;
        await onChange();
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    controller.abort();
  }
  if (endError instanceof Error) throw endError;
}

/** One look and what follows from it; returns the problems, so that each is logged once. */
async function balance(
  api: CoreV1Api,
  { addresses, nodeAddress, log }: LoadBalancerOptions,
  known: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const { items } = await api.listServiceForAllNamespaces();
  const { changes, problems } = assignAddresses(items.map(viewService), addresses);
  for (const problem of problems) if (!known.has(problem)) log(`${problem}\n`);
  for (const { namespace, name, address } of changes) {
    // Clients use the first one; kube-proxy serves all.
    const ips = [address, nodeAddress].filter((ip) => ip !== undefined);
    const ingress = address === undefined ? null : ips.map((ip) => ({ ip, ipMode: "VIP" }));
    await api.patchNamespacedServiceStatus(
      { namespace, name, body: { status: { loadBalancer: { ingress } } } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
    log(`${namespace}/${name}: ${address ?? "no address"}\n`);
  }
  return new Set(problems);
}

function viewService({ metadata, spec, status }: V1Service): ServiceView {
  const current = status?.loadBalancer?.ingress?.[0]?.ip;
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    type: spec?.type ?? "ClusterIP",
    createdAt: metadata?.creationTimestamp?.getTime() ?? 0,
    ...(spec?.loadBalancerClass === undefined ? {} : { loadBalancerClass: spec.loadBalancerClass }),
    ...(spec?.loadBalancerIP ? { requestedAddress: spec.loadBalancerIP } : {}),
    ...(current === undefined ? {} : { currentAddress: current }),
  };
}
