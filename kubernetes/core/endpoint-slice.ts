// The fields of an EndpointSlice (discovery.k8s.io/v1) that we read.

export const SERVICE_NAME_LABEL = "kubernetes.io/service-name";

export interface EndpointSlice {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly addressType: string;
  readonly endpoints?: readonly SliceEndpoint[] | null;
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[] | null;
}

export interface SliceEndpoint {
  readonly addresses: readonly string[];
  readonly conditions?: { readonly ready?: boolean; readonly terminating?: boolean };
  readonly targetRef?: { readonly kind?: string; readonly name?: string };
}

/** The pods of one Service by name, or by address where an endpoint has no pod. */
export interface SlicedPods {
  /** `address:port` of the pods that accept requests. */
  readonly ready: ReadonlyMap<string, string>;
  /** Pods that accept no requests: not ready, or terminating. */
  readonly notReady: ReadonlySet<string>;
}

/** IPv4 only, and the first port of each slice: a version's Service has one. */
export function readPods(slices: readonly EndpointSlice[]): SlicedPods {
  const ready = new Map<string, string>();
  const notReady = new Set<string>();
  for (const { addressType, endpoints, ports } of slices) {
    const port = ports?.[0]?.port;
    if (addressType !== "IPv4" || port === undefined) continue;
    for (const { addresses, conditions, targetRef } of endpoints ?? []) {
      const [address] = addresses;
      if (address === undefined) continue;
      const pod = targetRef?.name ?? address;
      // An unknown `ready` counts as ready (the API's own rule).
      if (conditions?.ready === false || conditions?.terminating) notReady.add(pod);
      else ready.set(pod, `${address}:${port}`);
    }
  }
  // A pod may briefly be in two slices; ready in one of them counts.
  return { ready, notReady: notReady.difference(new Set(ready.keys())) };
}
