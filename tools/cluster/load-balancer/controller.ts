// The local cluster's load balancer: writes loopback addresses into the status of Services; kube-proxy does the rest.
// Like a cloud's controller, it takes its time, and says in events what it does.
import { setTimeout as sleep } from "node:timers/promises";
import {
  CoreV1Api,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  Watch,
  type V1Service,
} from "@kubernetes/client-node";
import { assignAddresses } from "./assign-addresses";
import { FINALIZER, planServices, type Served, servedAs } from "./plan-services";

export interface LoadBalancerOptions {
  readonly kubeconfig: string;
  /** The addresses to give out. */
  readonly addresses: readonly string[];
  /** A second address for every Service: where its traffic arrives when it was translated on the way. */
  readonly nodeAddress?: string;
  readonly log: (line: string) => void;
}

/** Milliseconds that an address takes. */
const CLOUD_MS = 1_500;

/** Watches all Services for ever. The API server may come and go: every new watch begins with a full look. */
export async function runLoadBalancer(options: LoadBalancerOptions): Promise<never> {
  const { log } = options;
  const config = new KubeConfig();
  config.loadFromFile(options.kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const served = new Map<string, Served>();
  let lastFailure = "";
  for (;;) {
    try {
      await watchServices(config, () => balance(api, options, served));
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

/** One look and what follows from it, in the order of a cloud's controller. */
async function balance(
  api: CoreV1Api,
  { addresses, nodeAddress, log }: LoadBalancerOptions,
  served: Map<string, Served>,
): Promise<void> {
  const { items } = await api.listServiceForAllNamespaces();
  const plans = planServices(items, served, Date.now());
  const ensured = plans.filter(({ action }) => action === "ensure");
  for (const { service } of ensured) {
    await record(api, service, "Normal", "EnsuringLoadBalancer", "Ensuring load balancer");
    await setFinalizer(api, service, true);
  }
  // The former address, if there is one, stays in the status meanwhile.
  if (ensured.length > 0) await sleep(CLOUD_MS);
  const { changes, problems } = assignAddresses(
    plans.map(({ view }) => view),
    addresses,
  );
  for (const { service } of ensured) {
    const who = nameOf(service);
    const problem = problems.find((each) => each.startsWith(`${who}: `));
    if (problem === undefined) {
      served.set(uidOf(service), servedAs(service));
      await record(api, service, "Normal", "EnsuredLoadBalancer", "Ensured load balancer");
    } else {
      served.set(uidOf(service), servedAs(service, Date.now()));
      const message = `Error syncing load balancer: failed to ensure load balancer: ${problem}`;
      await record(api, service, "Warning", "SyncLoadBalancerFailed", message);
      log(`${problem}\n`);
    }
  }
  for (const { namespace, name, address } of changes) {
    // Clients use the first one; kube-proxy serves all.
    const ips = [address, nodeAddress].filter((ip) => ip !== undefined);
    const ingress = address === undefined ? null : ips.map((ip) => ({ ip, ipMode: "VIP" }));
    await api
      .patchNamespacedServiceStatus(
        { namespace, name, body: { status: { loadBalancer: { ingress } } } },
        setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
      )
      .catch(ignoreGone);
    log(`${namespace}/${name}: ${address ?? "no address"}\n`);
  }
  for (const { service } of plans.filter(({ action }) => action === "release")) {
    await record(api, service, "Normal", "DeletingLoadBalancer", "Deleting load balancer");
    await setFinalizer(api, service, false);
    await record(api, service, "Normal", "DeletedLoadBalancer", "Deleted load balancer");
    served.delete(uidOf(service));
  }
}

/** An event as the service controller writes them. Where events can't be written, as in a namespace that ends, none. */
async function record(
  api: CoreV1Api,
  { metadata }: V1Service,
  type: "Normal" | "Warning",
  reason: string,
  message: string,
): Promise<void> {
  const { namespace = "", name = "", uid = "" } = metadata ?? {};
  const time = new Date();
  const involvedObject = { apiVersion: "v1", kind: "Service", namespace, name, uid };
  await api
    .createNamespacedEvent({
      namespace,
      body: {
        metadata: { generateName: `${name}.`, namespace },
        ...{ involvedObject, type, reason, message, count: 1 },
        ...{ firstTimestamp: time, lastTimestamp: time },
        source: { component: "service-controller" },
      },
    })
    .catch(() => undefined);
}

async function setFinalizer(
  api: CoreV1Api,
  { metadata }: V1Service,
  isPresent: boolean,
): Promise<void> {
  const { namespace = "", name = "", finalizers = [], resourceVersion } = metadata ?? {};
  if (finalizers.includes(FINALIZER) === isPresent) return;
  const others = finalizers.filter((each) => each !== FINALIZER);
  const body = {
    metadata: { resourceVersion, finalizers: isPresent ? [...others, FINALIZER] : others },
  };
  const options = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  await api.patchNamespacedService({ namespace, name, body }, options).catch(ignoreGone);
}

/** Changed or deleted meanwhile: the watch says so, and the next look sees it. */
function ignoreGone(error: unknown): void {
  const { code } = error as { readonly code?: unknown };
  if (code !== 404 && code !== 409) throw error;
}

function uidOf({ metadata }: V1Service): string {
  return metadata?.uid ?? "";
}

function nameOf({ metadata }: V1Service): string {
  return `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;
}
