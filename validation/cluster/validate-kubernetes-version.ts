// Validates a Kubernetes version against those that AKS supports in a region. Like v1's, errors list the supported ones.
import { SupportPlan } from "../../contracts/choices";
import { type OfferedVersion } from "../../azure/core/region-offer";

/** The error of the version of a cluster to create or upgrade; undefined when AKS supports it. */
export function validateRequestedVersion(
  requested: string,
  offered: readonly OfferedVersion[],
  location: string,
  supportPlan: SupportPlan = SupportPlan.Official,
): string | undefined {
  const supported = inPlan(offered, supportPlan);
  const minor = supported.find((each) => each.minor === minorOf(requested));
  const isMinor = requested === minorOf(requested);
  if (minor !== undefined && (isMinor || minor.patches.includes(requested))) return undefined;
  const list =
    minor === undefined ? listed(supported) : `${minor.patches.join(", ")} of ${minor.minor}`;
  return `must be a version that AKS supports in ${location}: it is "${requested}"; supported are ${list}`;
}

/**
 * The error of the version of a cluster to attach; undefined when AKS supports it. Only the minor version counts: AKS stops
 * offering a patch version long before it stops supporting clusters that run it.
 * @param supportPlan support plan of the cluster; the long-term plan supports versions for longer
 */
export function assessRunningVersion(
  version: string,
  supportPlan: string | undefined,
  offered: readonly OfferedVersion[],
  location: string,
): string | undefined {
  const supported = inPlan(
    offered,
    supportPlan === SupportPlan.LongTerm ? SupportPlan.LongTerm : SupportPlan.Official,
  );
  if (supported.some((each) => each.minor === minorOf(version))) return undefined;
  return `names a cluster that runs Kubernetes ${version}, which AKS does not support in ${location} any more: upgrade it (az aks upgrade); supported are ${listed(supported)}`;
}

function inPlan(offered: readonly OfferedVersion[], plan: string): readonly OfferedVersion[] {
  // Some regions' answers have no support plans.
  return offered.filter(
    ({ supportPlans }) => supportPlans.length === 0 || supportPlans.includes(plan),
  );
}

function listed(versions: readonly OfferedVersion[]): string {
  return versions
    .map(({ minor, isDefault, isPreview }) =>
      isDefault ? `${minor} (the default)` : isPreview ? `${minor} (preview)` : minor,
    )
    .join(", ");
}

function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}
