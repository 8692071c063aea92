// Finds why HAProxy can't serve a ModelEndpoint; the custom resource's schema refuses all of it before.
//
// Whatever passes here is written into HAProxy's configuration, and the schema in the cluster may be an older one's. What
// the program's arguments must be as well is decided by the same functions; the sentences speak of the object's fields.
import type { NAMESPACE_UNREADABLE } from "../../../../contracts/metrics-channel/router-sample";
import {
  DIGEST_PATTERN,
  isServiceName,
  MAX_KEY_DIGESTS,
  NAME_MAX_LENGTH,
  NAME_MIN_LENGTH,
  STREAM_DEFAULTS,
  sumPercentiles,
  VERSION_BOUNDS,
} from "../../../../contracts/model-endpoint/limits";
import {
  MAX_VERSIONS,
  type EndpointVersion,
  type ModelEndpoint,
} from "../../../../contracts/model-endpoint/model-endpoint";
import { isNumberIn } from "../../../../values/argument-rules";

export interface Problem {
  readonly reason: "InvalidSpec" | typeof NAMESPACE_UNREADABLE | "NameTaken";
  readonly message: string;
}

const NAMESPACE = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DIGEST = new RegExp(DIGEST_PATTERN);

/** HAProxy takes a timeout as a signed 32-bit number of milliseconds, and a limit as one too. */
const MAX_NUMBER = 2 ** 31 - 1;

const STREAM_NUMBERS = ["streamIdleTimeoutMs", "maxStreamSeconds"] as const;

/** What must hold, and the sentence when it doesn't. */
type Rule = readonly [holds: boolean, message: string];

/** The first rule that is broken, or undefined; about this endpoint alone. */
export function findProblem({ metadata, spec }: ModelEndpoint): Problem | undefined {
  const { authentication, versions } = spec;
  const names = new Set(versions.map(({ name }) => name));
  const defaults = versions.filter(({ isDefault }) => isDefault).length;
  const others = sumOfOthers(versions);
  const rules: readonly Rule[] = [
    nameRule("metadata.name", metadata.name),
    [
      NAMESPACE.test(metadata.namespace),
      `metadata.namespace must be a DNS label: it is ${metadata.namespace}`,
    ],
    ...authenticationRules(authentication),
    [
      versions.length >= 1 && versions.length <= MAX_VERSIONS,
      `spec.versions must be 1 to ${MAX_VERSIONS}: they are ${versions.length}`,
    ],
    [names.size === versions.length, "spec.versions must have different names"],
    [defaults === 1, `spec.versions must have one with isDefault: there are ${defaults}`],
    [
      others <= 100,
      `trafficPercentile of all but the default version must sum to 100 at most: it is ${others}`,
    ],
    ...versions.flatMap(versionRules),
  ];
  const broken = rules.find(([holds]) => !holds);
  return broken === undefined ? undefined : { reason: "InvalidSpec", message: broken[1] };
}

function nameRule(property: string, name: string): Rule {
  return [
    isServiceName(name),
    `${property} must be ${NAME_MIN_LENGTH} to ${NAME_MAX_LENGTH} of a-z, 0-9 and -: it is ${name}`,
  ];
}

function authenticationRules({
  mode,
  keyDigests = [],
}: ModelEndpoint["spec"]["authentication"]): readonly Rule[] {
  const count = keyDigests.length;
  return [
    [
      mode === "Key" || mode === "None",
      `spec.authentication.mode must be Key or None: it is ${String(mode)}`,
    ],
    [
      mode === "None" || (count >= 1 && count <= MAX_KEY_DIGESTS),
      `spec.authentication.keyDigests must be 1 to ${MAX_KEY_DIGESTS}: they are ${count}`,
    ],
    [
      keyDigests.every(({ sha256 }) => DIGEST.test(sha256)),
      "spec.authentication.keyDigests must be 64 lower-case hexadecimal digits each",
    ],
  ];
}

function sumOfOthers(versions: readonly EndpointVersion[]): number {
  const others = versions.filter(({ isDefault }) => !isDefault);
  return sumPercentiles(others.map(({ trafficPercentile }) => trafficPercentile));
}

function versionRules(version: EndpointVersion): readonly Rule[] {
  const at = `spec.versions[${version.name}]`;
  const { trafficPercentile: bounds } = VERSION_BOUNDS;
  const percentile = version.trafficPercentile;
  const numbers = [
    "maxConcurrentRequestsPerContainer",
    "maxQueueWaitMs",
    "scoringTimeoutMs",
  ] as const;
  return [
    nameRule(`${at}.name`, version.name),
    [
      isNumberIn(percentile, bounds),
      `${at}.trafficPercentile must be ${bounds.minimum} to ${bounds.maximum}: it is ${percentile}`,
    ],
    ...numbers.map((property): Rule => {
      const value = version[property];
      return [
        isNumberIn(value, { minimum: 1, maximum: MAX_NUMBER, decimals: 0 }),
        `${at}.${property} must be a whole number from 1: it is ${value}`,
      ];
    }),
    ...STREAM_NUMBERS.map((property): Rule => {
      const value = version[property] ?? STREAM_DEFAULTS[property];
      const { minimum, maximum } = VERSION_BOUNDS[property];
      return [
        isNumberIn(value, { minimum, maximum, decimals: 0 }),
        `${at}.${property} must be a whole number from ${minimum} to ${maximum}: it is ${value}`,
      ];
    }),
  ];
}
