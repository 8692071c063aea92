// A Service of type LoadBalancer, as far as its address is concerned.
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { isRecord } from "../../../values/is-record";

export interface Service extends KubeObject {
  readonly spec?: { readonly type?: string };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly Ingress[] | null } };
}

interface Ingress {
  readonly ip?: string;
  readonly hostname?: string;
}

/** Finalizer of the Kubernetes project's service controller, of which every cloud controller manager is made. */
const CLOUD_FINALIZER = "service.kubernetes.io/load-balancer-cleanup";

/** As a URL's host: a name, an IPv4 address, or an IPv6 address in brackets. */
export function addressOf(service: Service): string | undefined {
  const [ingress] = service.status?.loadBalancer?.ingress ?? [];
  const address = ingress?.hostname ?? ingress?.ip;
  return address?.includes(":") === true ? `[${address}]` : address;
}

/** What keeps the Service from having an address that a wait won't bring; undefined: nothing. */
export function defectOf(service: Service | undefined): string | undefined {
  if (service === undefined) return "doesn't exist";
  if (service.metadata.deletionTimestamp !== undefined) return "is being deleted";
  const type = service.spec?.type ?? "ClusterIP";
  return type === "LoadBalancer" ? undefined : `is of type ${type} instead of LoadBalancer`;
}

/** Whether a cloud controller manager keeps the load balancer: such a one says in events what it does. */
export function isKeptByCloud({ metadata }: Service): boolean {
  return metadata.finalizers?.includes(CLOUD_FINALIZER) === true;
}

/**
 * When annotations or spec were last changed, and when the status was, in milliseconds since 1970 by the API server's
 * clock; 0 where nothing says so.
 */
export function changeTimes({ metadata }: Service): {
  readonly declaredMs: number;
  readonly statusMs: number;
} {
  let [declaredMs, statusMs] = [0, 0];
  for (const { subresource, time, fieldsV1 } of metadata.managedFields ?? []) {
    const ms = Date.parse(time ?? "") || 0;
    if (subresource === "status") statusMs = Math.max(statusMs, ms);
    else if (ownsDeclaration(fieldsV1)) declaredMs = Math.max(declaredMs, ms);
  }
  return { declaredMs, statusMs };
}

/** False for a controller that has only put a finalizer there. */
function ownsDeclaration(fields: unknown): boolean {
  if (!isRecord(fields)) return false;
  const metadata = fields["f:metadata"];
  return fields["f:spec"] !== undefined || (isRecord(metadata) && "f:annotations" in metadata);
}
