// Whether a tag may become a release, and the bill of materials that goes with it.
import { changelogProblems, releasesOf } from "./changelog";

/** What a release consists of. */
export interface Candidate {
  /** The Git tag. */
  readonly tag: string;
  /** package.json's version. */
  readonly version: string;
  /** CHANGELOG.md's text. */
  readonly changelog: string;
}

/** One sentence for each reason not to release it. */
export function releaseProblems({ tag, version, changelog }: Candidate): readonly string[] {
  const newest = releasesOf(changelog)[0]?.version;
  return [
    ...changelogProblems(changelog),
    ...(tag === `v${version}` ? [] : [`The tag must be v${version}, package.json's: it is ${tag}`]),
    ...(newest === version
      ? []
      : [`CHANGELOG.md's newest release must be ${version}: it is ${newest ?? "not there"}`]),
  ];
}

/** A bill of materials in CycloneDX's form, as far as it is read here. */
export interface Bom {
  readonly components: readonly { readonly "bom-ref": string; readonly purl: string }[];
  readonly dependencies: readonly {
    readonly ref: string;
    readonly dependsOn?: readonly string[];
  }[];
}

/** A package whose code is in the bundles. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
}

/**
 * What a user gets: the packages that an installation brings, and those whose code is in the bundles.
 * @param installed of the dependencies alone
 * @param all of the development's packages, too
 */
export function shippedBom<T extends Bom>(
  installed: T,
  all: Bom,
  bundled: readonly BundledPackage[],
): T {
  const purls = bundled.map(
    ({ name, version }) => `pkg:npm/${name.replace("@", "%40")}@${version}`,
  );
  const known = new Set(installed.components.map(({ purl }) => purl));
  const added = all.components.filter(({ purl }) => purls.includes(purl) && !known.has(purl));
  const components = [...installed.components, ...added];
  const missing = purls.filter((purl) => components.every((each) => each.purl !== purl));
  if (missing.length > 0) {
    throw new Error(`npm knows nothing of the bundled packages ${missing.join(", ")}`);
  }
  const refs = new Set(components.map((each) => each["bom-ref"]));
  const edges = all.dependencies
    .filter(({ ref }) => added.some((each) => each["bom-ref"] === ref))
    .map((edge) => ({ ...edge, dependsOn: edge.dependsOn?.filter((ref) => refs.has(ref)) ?? [] }));
  return { ...installed, components, dependencies: [...installed.dependencies, ...edges] };
}
