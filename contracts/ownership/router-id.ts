// The identity of a router in the ownership protocol: a pod, and a term that it took with its Lease.

/** `<pod>/<uid>/<term>`. A process takes a new term when it starts and when it was fenced; no term is used twice. */
export type RouterId = string;

export function routerId(pod: string, uid: string, term: number): RouterId {
  return `${pod}/${uid}/${term}`;
}

/** Name of the pod, which is also that of its Lease. */
export function podOf(id: RouterId): string {
  return id.split("/")[0] ?? "";
}

/** `<pod>/<uid>`: the holder in the Lease. */
export function holderOf(id: RouterId): string {
  return id.split("/").slice(0, 2).join("/");
}

export function termOf(id: RouterId): number {
  return Number(id.split("/")[2]);
}

/** Whether `id` is `earlier`, or a later term of the same pod, which ended it. */
export function succeeds(id: RouterId, earlier: RouterId): boolean {
  return holderOf(id) === holderOf(earlier) && termOf(id) >= termOf(earlier);
}

export function isRouterId(value: unknown): value is RouterId {
  return (
    typeof value === "string" &&
    /^[a-z0-9][a-z0-9.-]{0,252}\/[A-Za-z0-9-]{1,63}\/[1-9]\d{0,14}$/.test(value)
  );
}
