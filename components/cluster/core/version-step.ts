// Which version of Kubernetes to ask AKS for, one minor at a time (learn.microsoft.com/azure/aks/upgrade-aks-cluster).

/** What a control plane or a pool runs. */
export interface RunningVersion {
  /** The version that was asked for last: a minor or a patch. */
  readonly asked: string | undefined;
  /** The patch that runs. */
  readonly current: string | undefined;
}

/**
 * - `there`: nothing to do.
 * - `ahead`: it runs a later one, and Kubernetes can't go back.
 * - `upgrade`: the declared version is next.
 * - `step`: the declared version is more than one minor ahead; the next minor comes first.
 */
export interface VersionStep {
  readonly kind: "there" | "ahead" | "upgrade" | "step";
  /** The version to send. */
  readonly target: string | undefined;
}

/** The next step from what runs to what is declared. A declared minor is reached by any of its patches. */
export function nextVersion(
  declared: string | undefined,
  { asked, current = asked }: RunningVersion,
): VersionStep {
  const kept = { kind: "there", target: asked ?? current } as const;
  const [wanted, has] = [numbersOf(declared), numbersOf(current)];
  if (wanted === undefined) return kept;
  if (has === undefined) return { kind: "upgrade", target: declared };
  if (wanted.minor > has.minor + 1) return { kind: "step", target: `1.${has.minor + 1}` };
  if (wanted.minor > has.minor) return { kind: "upgrade", target: declared };
  if (wanted.minor < has.minor) return { ...kept, kind: "ahead" };
  if (wanted.patch === undefined || has.patch === undefined || wanted.patch === has.patch) {
    return kept;
  }
  return wanted.patch > has.patch
    ? { kind: "upgrade", target: declared }
    : { ...kept, kind: "ahead" };
}

/** The minor of `1.34` or `1.34.2`; undefined for anything else. */
export function minorOf(version: string | undefined): number | undefined {
  return numbersOf(version)?.minor;
}

function numbersOf(version: string | undefined) {
  const match = /^1\.(\d+)(?:\.(\d+))?$/.exec(version ?? "");
  if (match === null) return undefined;
  const [, minor, patch] = match;
  return { minor: Number(minor), patch: patch === undefined ? undefined : Number(patch) };
}
