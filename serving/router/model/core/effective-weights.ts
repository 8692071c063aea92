// The share of an endpoint's requests that each version gets.
import { ALL_REQUESTS } from "../../../../contracts/model-endpoint/limits";

/** The part of a version that decides its share. */
export interface WeightedVersion {
  readonly name: string;
  readonly isDefault: boolean;
  readonly trafficPercentile: number;
}

/**
 * Shares in 1/100 percent, in the versions' order, their sum ALL_REQUESTS: every version its own percentile, the
 * default version what the others leave, whatever its own (azureml-semantics, row 40). Percentiles of the others that
 * sum to more than 100 leave the default 0.
 */
export function effectiveWeights(
  versions: readonly WeightedVersion[],
): readonly { readonly name: string; readonly weight: number }[] {
  const own = ({ trafficPercentile }: WeightedVersion) => Math.round(trafficPercentile * 100);
  const others = versions.filter(({ isDefault }) => !isDefault);
  const rest = ALL_REQUESTS - others.reduce((sum, version) => sum + own(version), 0);
  return versions.map((version) => ({
    name: version.name,
    weight: version.isDefault ? Math.max(0, rest) : own(version),
  }));
}

/**
 * `<upper bound>:<version>:…`, bounds ascending to ALL_REQUESTS: the text that HAProxy picks a version from. The version
 * with most requests comes first, because that choice costs least.
 */
export function renderWeights(versions: readonly WeightedVersion[]): string {
  let bound = 0;
  return effectiveWeights(versions)
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ name, weight }) => {
      bound += weight;
      return `${bound}:${name}`;
    })
    .join(":");
}
