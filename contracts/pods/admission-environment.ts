// Environment variables of router and autoscaler that say which endpoints they look after: both must say the same.
import {
  type AdmissionSettings,
  DEFAULT_QUOTA,
  type NamespaceQuota,
} from "../model-endpoint/admission";

/** Names of the variables. */
export const ADMISSION_ENVIRONMENT = {
  /** Namespaces with commas, besides those of declared endpoints; may be empty. Unset: every namespace. */
  allowedNamespaces: "AML_ALLOWED_NAMESPACES",
  /** Default DEFAULT_QUOTA. */
  maxEndpoints: "AML_MAX_ENDPOINTS_PER_NAMESPACE",
  maxVersions: "AML_MAX_VERSIONS_PER_NAMESPACE",
} as const;

/** The settings; adds an error to `problems` for each variable that is illegal. */
export function readAdmission(
  environment: Readonly<Record<string, string | undefined>>,
  problems: string[],
): AdmissionSettings {
  const { allowedNamespaces, maxEndpoints, maxVersions } = ADMISSION_ENVIRONMENT;
  const count = (name: string, defaultCount: number): number => {
    const text = environment[name];
    const value = text === undefined ? defaultCount : Number(text);
    if (Number.isSafeInteger(value) && value >= 1) return value;
    problems.push(`${name} must be a whole number of at least 1: it is ${text}`);
    return defaultCount;
  };
  const namespaces = environment[allowedNamespaces];
  return {
    ...(namespaces === undefined
      ? {}
      : { allowedNamespaces: namespaces.split(",").filter((namespace) => namespace !== "") }),
    quota: {
      endpoints: count(maxEndpoints, DEFAULT_QUOTA.endpoints),
      versions: count(maxVersions, DEFAULT_QUOTA.versions),
    },
  };
}

/** Arguments of the resources that deploy router and autoscaler. */
export interface AdmissionArguments {
  /** Default: every namespace. */
  readonly allowedNamespaces?: readonly string[];
  /** Default: that of DEFAULT_QUOTA. */
  readonly maxEndpointsPerNamespace?: NamespaceQuota["endpoints"];
  readonly maxVersionsPerNamespace?: NamespaceQuota["versions"];
}

/** The variables for a container, without those that aren't given. */
export function admissionVariables({
  allowedNamespaces,
  maxEndpointsPerNamespace,
  maxVersionsPerNamespace,
}: AdmissionArguments): readonly { readonly name: string; readonly value: string }[] {
  const values: readonly (readonly [string, string | undefined])[] = [
    [
      ADMISSION_ENVIRONMENT.allowedNamespaces,
      allowedNamespaces && [...allowedNamespaces].sort().join(","),
    ],
    [ADMISSION_ENVIRONMENT.maxEndpoints, maxEndpointsPerNamespace?.toString()],
    [ADMISSION_ENVIRONMENT.maxVersions, maxVersionsPerNamespace?.toString()],
  ];
  return values.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}
