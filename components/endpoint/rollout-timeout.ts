// How long a roll-out may be without progress: longer where a model is given long to load.
import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import { ENDPOINT_ARGUMENTS } from "../../validation/endpoint/endpoint-arguments";
import { MAX_STARTUP_SECONDS } from "../../validation/endpoint/version-arguments";
import {
  type Given,
  type Later,
  mapLater,
  memberOf,
  outputOf,
  withDefault,
} from "../engine/inputs";
import { type CompleteVersion } from "./complete-version";

const { default: LEAST } = ENDPOINT_ARGUMENTS.rolloutTimeoutSeconds;

/** Seconds; the default leaves time for images to be pulled before the longest startup. */
export function rolloutTimeout(
  given: Given<number>,
  versions: Later<readonly CompleteVersion[] | undefined>,
): pulumi.Input<number> {
  const isDeclared =
    versions instanceof Promise ||
    versions?.some(({ args }) => args.inferenceConfig !== undefined) === true;
  if (!isDeclared) return withDefault(given, LEAST);
  const startups = mapLater(versions, (known): pulumi.Input<(number | undefined)[]> =>
    known === undefined
      ? (unknown as never)
      : known.map(({ args }) => memberOf(args.inferenceConfig, "startupTimeoutSeconds") as number),
  );
  return pulumi
    .all([outputOf<number | undefined>(given), outputOf<readonly (number | undefined)[]>(startups)])
    .apply(([own, seconds]) => {
      const longest = seconds.map((each) => (each ?? 0) + LEAST).filter((each) => each > LEAST);
      return own ?? Math.min(MAX_STARTUP_SECONDS, Math.max(LEAST, ...longest));
    });
}
