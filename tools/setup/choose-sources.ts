// Decides where a tool comes from: keeps what is installed, or names the sources to try, best first.

/**
 * vendor: the maker's own download. prebuilt: a file of the folder that AML_INFERENCE_TOOLCHAIN names.
 * npm: a program of an installed npm package. modules: built from Go modules. stand-in: the project's own program.
 */
export type Source = "vendor" | "npm" | "prebuilt" | "modules" | "stand-in";

/** What the stamp beside an installed tool says. */
export interface Installed {
  readonly version: string;
  readonly source: Source;
  readonly installedAtMs: number;
}

/** What a decision depends on. */
export interface Situation {
  readonly wantedVersion: string;
  /** Where this tool can come from, best first. */
  readonly sources: readonly Source[];
  /** Undefined when the tool or its stamp is not there. */
  readonly installed: Installed | undefined;
  /** Whether a folder of prebuilt tools is named and fits this kind of machine. */
  readonly hasPrebuilt: boolean;
  readonly nowMs: number;
}

/** A stand-in stays this long before the vendor is asked again. */
export const standInStaysMs = 24 * 60 * 60 * 1000;

/** The sources to try, best first; empty when what is installed stays. */
export function chooseSources(situation: Situation): readonly Source[] {
  const { installed, wantedVersion, hasPrebuilt } = situation;
  const usable = situation.sources.filter((source) => source !== "prebuilt" || hasPrebuilt);
  if (installed?.version !== wantedVersion) return usable;
  if (installed.source !== "stand-in") return [];
  // The real part replaces a stand-in as soon as it can be had.
  const ageMs = situation.nowMs - installed.installedAtMs;
  return hasPrebuilt || ageMs >= standInStaysMs ? usable : [];
}
