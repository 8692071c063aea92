// Taints of nodes and tolerations of pods (kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration).

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface Toleration {
  /** Absent or empty with `Exists`: every key. */
  readonly key?: string | undefined;
  /** Default `Equal`. */
  readonly operator?: string | undefined;
  readonly value?: string | undefined;
  /** Absent or empty: every effect. */
  readonly effect?: string | undefined;
}

export function tolerates(
  { key = "", operator, value = "", effect = "" }: Toleration,
  taint: Taint,
): boolean {
  const exists = operator === "Exists";
  if (effect !== "" && effect !== taint.effect) return false;
  if (key === "") return exists;
  return key === taint.key && (exists || value === (taint.value ?? ""));
}

/** The taints that keep a pod with these tolerations away. `PreferNoSchedule` only advises. */
export function repellingTaints(
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
): readonly Taint[] {
  return taints.filter(
    (taint) =>
      taint.effect !== "PreferNoSchedule" && !tolerations.some((each) => tolerates(each, taint)),
  );
}

/** `key=value:effect`, as AKS and kubectl write it. */
export function taintText({ key, value = "", effect }: Taint): string {
  return `${key}${value === "" ? "" : `=${value}`}:${effect}`;
}
