// Decides which Service of type LoadBalancer gets which loopback address.

export interface ServiceView {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  /** Set when another load balancer is meant. */
  readonly loadBalancerClass?: string;
  /** spec.loadBalancerIP. */
  readonly requestedAddress?: string;
  /** status.loadBalancer.ingress[0].ip. */
  readonly currentAddress?: string | undefined;
  /**
   * True when the current address was given for another kind of load balancer or another subnet: as in Azure, the
   * Service gets another address.
   */
  readonly mustMove?: boolean;
  /** Milliseconds since 1970; the older Service wins a conflict. */
  readonly createdAt: number;
}

export interface Assignment {
  readonly namespace: string;
  readonly name: string;
  /** The address for the status; undefined clears it. */
  readonly address: string | undefined;
}

export interface Assignments {
  /** The changes that the Services' statuses need; nothing for those that are right already. */
  readonly changes: readonly Assignment[];
  /** A sentence for each Service that wants an address and gets none. */
  readonly problems: readonly string[];
}

/**
 * A Service keeps the address it has, an explicit request comes first, everybody else gets the lowest free one.
 * @param range the addresses that can be given out, in the order of preference.
 */
export function assignAddresses(
  services: readonly ServiceView[],
  range: readonly string[],
): Assignments {
  const inRange = new Set(range);
  const taken = new Map<string, ServiceView>();
  const take = (service: ServiceView, address: string | undefined): boolean => {
    if (address === undefined || !inRange.has(address) || taken.has(address)) return false;
    taken.set(address, service);
    return true;
  };

  const wanting = services
    .filter((service) => service.type === "LoadBalancer" && service.loadBalancerClass === undefined)
    .sort(byAge);
  const given = new Map<ServiceView, string>();
  const settle = (pick: (service: ServiceView) => string | undefined) => {
    for (const service of wanting.filter((service) => !given.has(service))) {
      const address = pick(service);
      if (address !== undefined && take(service, address)) given.set(service, address);
    }
  };
  const free = (service: ServiceView) =>
    service.requestedAddress === undefined && service.mustMove !== true
      ? service.currentAddress
      : undefined;
  // Requests that hold already, then what others hold, then new requests, then the rest.
  settle((s) => (s.requestedAddress === s.currentAddress ? s.requestedAddress : undefined));
  settle(free);
  settle((s) => s.requestedAddress);
  settle((s) => {
    if (s.requestedAddress !== undefined) return undefined;
    const left = range.filter((address) => !taken.has(address));
    // Of a range of one address, it moves to the same one.
    return left.find((address) => address !== s.currentAddress) ?? left[0];
  });

  const ours = services.filter(({ loadBalancerClass }) => loadBalancerClass === undefined);
  return {
    changes: ours
      .filter((service) => given.get(service) !== service.currentAddress)
      .map((service) => ({
        namespace: service.namespace,
        name: service.name,
        address: given.get(service),
      })),
    problems: wanting
      .filter((service) => !given.has(service))
      .map((service) => describeProblem(service, range, taken)),
  };
}

function byAge(a: ServiceView, b: ServiceView): number {
  const key = (service: ServiceView) => `${service.namespace}/${service.name}`;
  return a.createdAt - b.createdAt || (key(a) < key(b) ? -1 : 1);
}

function describeProblem(
  { namespace, name, requestedAddress }: ServiceView,
  range: readonly string[],
  taken: ReadonlyMap<string, ServiceView>,
): string {
  const who = `${namespace}/${name}`;
  const legal = `${range[0] ?? "nothing"} to ${range.at(-1) ?? "nothing"}`;
  if (requestedAddress === undefined) return `${who}: all addresses of ${legal} are taken`;
  const holder = taken.get(requestedAddress);
  return holder === undefined
    ? `${who}: spec.loadBalancerIP must be ${legal}: it is ${requestedAddress}`
    : `${who}: spec.loadBalancerIP ${requestedAddress} is taken by ${holder.namespace}/${holder.name}`;
}
