// What the load balancer does about each Service, as the service controller of a cloud would.
//
// Imitated: kubernetes/cloud-provider, controllers/service (events, finalizer, when a Service is looked at again) and
// cloud-provider-azure (another kind or subnet of a load balancer is another frontend with another address).
import type { V1Service } from "@kubernetes/client-node";
import { type ServiceView } from "./assign-addresses";

/** Keeps a Service until its load balancer is deleted. */
export const FINALIZER = "service.kubernetes.io/load-balancer-cleanup";

const INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal";
const INTERNAL_SUBNET = "service.beta.kubernetes.io/azure-load-balancer-internal-subnet";

/** Milliseconds before a Service that got no address is tried again. */
const RETRY_MS = 5_000;

/** What was last done about a Service. */
export interface Served {
  /** Its declaration then. */
  readonly declared: string;
  /** Kind and subnet that its address was given for. */
  readonly frontend: string;
  /** Milliseconds since 1970; undefined: it has an address. */
  readonly failedAtMs?: number;
}

export interface ServicePlan {
  readonly service: V1Service;
  readonly view: ServiceView;
  /** `ensure`: give it an address, or confirm it. `release`: give its load balancer up. */
  readonly action: "ensure" | "release" | "nothing";
}

/** @param served by the Services' UIDs */
export function planServices(
  services: readonly V1Service[],
  served: ReadonlyMap<string, Served>,
  nowMs: number,
): readonly ServicePlan[] {
  return services.map((service) => {
    const known = served.get(service.metadata?.uid ?? "");
    const view = viewService(service);
    const moves = known !== undefined && known.frontend !== frontendOf(service);
    return {
      service,
      view: moves && view.currentAddress !== undefined ? { ...view, mustMove: true } : view,
      action: actionFor(service, view, known, nowMs),
    };
  });
}

function actionFor(
  service: V1Service,
  view: ServiceView,
  known: Served | undefined,
  nowMs: number,
): ServicePlan["action"] {
  const isWanted =
    view.type === "LoadBalancer" && service.metadata?.deletionTimestamp === undefined;
  if (!isWanted) return service.metadata?.finalizers?.includes(FINALIZER) ? "release" : "nothing";
  if (view.loadBalancerClass !== undefined) return "nothing";
  if (known?.declared !== declarationOf(service)) return "ensure";
  const { failedAtMs } = known;
  return failedAtMs !== undefined && nowMs - failedAtMs >= RETRY_MS ? "ensure" : "nothing";
}

/** What is remembered of a Service that was just looked at. */
export function servedAs(service: V1Service, failedAtMs?: number): Served {
  const [declared, frontend] = [declarationOf(service), frontendOf(service)];
  return failedAtMs === undefined ? { declared, frontend } : { declared, frontend, failedAtMs };
}

/** A change of spec or annotations makes the controller look at a Service again; a change of labels doesn't. */
function declarationOf({ metadata, spec }: V1Service): string {
  return JSON.stringify([spec, metadata?.annotations ?? {}]);
}

function frontendOf({ metadata }: V1Service): string {
  const annotations = metadata?.annotations ?? {};
  return annotations[INTERNAL] === "true"
    ? `internal/${annotations[INTERNAL_SUBNET] ?? ""}`
    : "public";
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
