// Whether AKS supports a version of Kubernetes in a region; the sentence lists what it does support, as v1's did.
import { type OfferedVersion } from "../../azure/core/region-offer";

const OFFICIAL = "KubernetesOfficial";
const LONG_TERM = "AKSLongTermSupport";

/** What is wrong with the version of a cluster that is to be made or upgraded; undefined when AKS takes it. */
export function validateAskedVersion(
  asked: string,
  offered: readonly OfferedVersion[],
  location: string,
): string | undefined {
  const supported = inPlan(offered, OFFICIAL);
  const minor = supported.find((each) => each.minor === minorOf(asked));
  const isMinor = asked === minorOf(asked);
  if (minor !== undefined && (isMinor || minor.patches.includes(asked))) return undefined;
  const list =
    minor === undefined ? listed(supported) : `${minor.patches.join(", ")} of ${minor.minor}`;
  return `must be a version that AKS supports in ${location}: it is "${asked}"; supported are ${list}`;
}

/**
 * What is wrong with the version of a cluster that is to be attached. Only its minor counts: AKS stops offering old
 * patches long before it stops supporting those who run them.
 * @param supportPlan the cluster's own: those in the long-term plan are supported for longer
 */
export function assessRunningVersion(
  version: string,
  supportPlan: string | undefined,
  offered: readonly OfferedVersion[],
  location: string,
): string | undefined {
  const supported = inPlan(offered, supportPlan === LONG_TERM ? LONG_TERM : OFFICIAL);
  if (supported.some((each) => each.minor === minorOf(version))) return undefined;
  return `names a cluster that runs Kubernetes ${version}, which AKS does not support in ${location} any more: upgrade it (az aks upgrade); supported are ${listed(supported)}`;
}

function inPlan(offered: readonly OfferedVersion[], plan: string): readonly OfferedVersion[] {
  // Older regions' answers have no plans at all.
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
