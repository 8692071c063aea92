// Which ModelEndpoints a router serves and an autoscaler scales: by namespace, by the owner of the name, by quota.

import { ClaimRoom } from "./claim-room";
import { elderFirst, endpointId } from "./elder-first";
import type { ModelEndpoint } from "./model-endpoint";
import {
  claimantOf,
  declaredKey,
  NAMES_CONFIG_MAP,
  type NameClaims,
  NO_CLAIMS,
  seenKey,
} from "./name-claims";

/** What one namespace may have of a router. */
export interface NamespaceQuota {
  readonly endpoints: number;
  /** Of all its endpoints together. */
  readonly versions: number;
}

/** No honest namespace meets it: a router was measured with 1,000 endpoints of two versions (docs/benchmarks.md). */
export const DEFAULT_QUOTA: NamespaceQuota = { endpoints: 1_000, versions: 2_000 };

/** Settings of one router, which its autoscaler shares. */
export interface AdmissionSettings {
  /** Besides the namespaces of endpoints that stacks declare. Undefined: every namespace. */
  readonly allowedNamespaces?: readonly string[];
  readonly quota: NamespaceQuota;
}

/** Without settings every namespace is allowed. */
export const ADMIT_ALL: Admission = { settings: { quota: DEFAULT_QUOTA }, claims: NO_CLAIMS };

export interface Admission {
  readonly settings: AdmissionSettings;
  readonly claims: NameClaims;
}

export interface Refusal {
  readonly reason: "NamespaceNotAllowed" | "NameTaken" | "QuotaExceeded";
  readonly message: string;
}

/**
 * Why endpoints are not served, by `<namespace>/<name>`. Eldest first: those beyond the quota of their namespace are
 * refused. Suspended ones, and refused ones, count for nothing.
 */
export function refuseEndpoints(
  endpoints: readonly ModelEndpoint[],
  { settings, claims }: Admission,
): ReadonlyMap<string, Refusal> {
  const { quota } = settings;
  const namespaces = admittedNamespaces(endpoints, { settings, claims });
  const room = new ClaimRoom(
    claims,
    Math.max(namespaces.size, settings.allowedNamespaces?.length ?? 1),
  );
  const used = new Map<string, NamespaceQuota>();
  const refused = new Map<string, Refusal>();
  for (const endpoint of [...endpoints].sort(elderFirst)) {
    const { name, namespace } = endpoint.metadata;
    if (endpoint.spec.suspended) continue;
    const before = used.get(namespace) ?? { endpoints: 0, versions: 0 };
    const after = {
      endpoints: before.endpoints + 1,
      versions: before.versions + endpoint.spec.versions.length,
    };
    const refusal =
      (namespaces.has(namespace) ? undefined : notAllowed(namespace)) ??
      nameTaken(name, namespace, claims) ??
      beyondQuota(namespace, after, quota) ??
      withoutRoom(name, namespace, claims, room);
    if (refusal === undefined) used.set(namespace, after);
    else refused.set(endpointId(endpoint), refusal);
  }
  return refused;
}

/** The namespaces of endpoints that a router serves: where it needs rights. */
export function admittedNamespaces(
  endpoints: readonly ModelEndpoint[],
  { settings, claims }: Admission,
): ReadonlySet<string> {
  const { allowedNamespaces: listed } = settings;
  const allowed = listed && new Set([...listed, ...claims.declared.values()]);
  const present = new Set(endpoints.map(({ metadata }) => metadata.namespace));
  return new Set([...present].filter((namespace) => allowed?.has(namespace) ?? true));
}

function notAllowed(namespace: string): Refusal {
  return {
    reason: "NamespaceNotAllowed",
    message: `the router serves no endpoints of namespace ${namespace}: add it to allowedNamespaces of the AmlInferenceRouter, or declare the endpoint as an AmlModelEndpoint with rights on ConfigMap ${NAMES_CONFIG_MAP} in the router's namespace`,
  };
}

function nameTaken(name: string, namespace: string, claims: NameClaims): Refusal | undefined {
  const claimant = claimantOf(claims, name);
  return claimant === undefined || claimant === namespace
    ? undefined
    : { reason: "NameTaken", message: nameTakenMessage(name, claimant) };
}

/** Says whose the name is, and how it becomes free. */
export function nameTakenMessage(name: string, claimant: string): string {
  return `the name ${name} belongs to namespace ${claimant}: it becomes free when the endpoint there is destroyed by its stack or deleted with spec.suspended true, or when the keys ${declaredKey(name)} and ${seenKey(name)} are removed from ConfigMap ${NAMES_CONFIG_MAP} in the router's namespace`;
}

function beyondQuota(
  namespace: string,
  wanted: NamespaceQuota,
  quota: NamespaceQuota,
): Refusal | undefined {
  if (wanted.endpoints <= quota.endpoints && wanted.versions <= quota.versions) return undefined;
  return {
    reason: "QuotaExceeded",
    // Without the numbers of the elder ones: one change of theirs would change the status of all others.
    message: `namespace ${namespace} may have ${quota.endpoints} endpoints and ${quota.versions} versions (maxEndpointsPerNamespace and maxVersionsPerNamespace of the AmlInferenceRouter): the elder ones leave no room for this one`,
  };
}

/** An endpoint whose name is claimed needs no more room. */
function withoutRoom(
  name: string,
  namespace: string,
  claims: NameClaims,
  room: ClaimRoom,
): Refusal | undefined {
  if (claimantOf(claims, name) !== undefined || room.take(name, namespace)) return undefined;
  return {
    reason: "QuotaExceeded",
    message: `the names of namespace ${namespace} take its share of ConfigMap ${NAMES_CONFIG_MAP} in the router's namespace: let go of names there, or give the endpoint a stack with rights on that ConfigMap`,
  };
}
