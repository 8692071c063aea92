// What a model's container may do, and who may call it.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PodSecurity } from "../../contracts/choices";
import { ENDPOINT_LABEL } from "../../contracts/model-endpoint/model-endpoint";
import { ROUTER_NAME } from "../../contracts/pods/pod-defaults";
import { MODEL_PORT } from "../../contracts/scoring-api";
import { podSelector } from "../../provider/release/core/release";
import { containerSecurity, podLevelSecurity } from "../../kubernetes/core/pod-security";
import { withoutNullsInside } from "../../values/without";
import { VERSION_ARGUMENTS } from "../../validation/endpoint/version-arguments";
import { hasSecret } from "../engine/plain-value";
import { withDefault, withoutAbsent } from "../engine/inputs";
import { type EndpointVersionArgs } from "./aml-model-endpoint-args";
import { type CompleteVersion } from "./complete-version";

type SecurityArgs = Pick<
  EndpointVersionArgs,
  "podSecurity" | "runAsUser" | "securityContext" | "podSecurityContext"
>;

export interface ModelSecurity {
  readonly level: pulumi.Output<PodSecurity>;
  readonly pod: pulumi.Input<k8s.types.input.core.v1.PodSecurityContext>;
  readonly container: pulumi.Input<k8s.types.input.core.v1.SecurityContext>;
}

/** Kubernetes' profile «restricted» (kubernetes.io, «Pod Security Standards»), unless the version asks for «baseline». */
export function modelSecurity(args: SecurityArgs): ModelSecurity {
  const level = levelOf(args);
  const pod = pulumi
    .all([level, withoutAbsent(args.runAsUser), withoutAbsent(args.podSecurityContext)])
    .apply(([known, user, given]) =>
      podLevelSecurity(known, {
        // Undefined is left out of the object.
        ...((user as number | undefined) === undefined ? {} : { runAsUser: user }),
        ...withoutNullsInside(given),
      }),
    );
  const container = pulumi
    .all([level, withoutAbsent(args.securityContext)])
    .apply(([known, given]) => containerSecurity(known, withoutNullsInside(given)));
  return { level, pod, container };
}

export function levelOf({ podSecurity }: SecurityArgs): pulumi.Output<PodSecurity> {
  const { default: fallback } = VERSION_ARGUMENTS.podSecurity;
  return pulumi.output(withDefault<PodSecurity>(podSecurity, fallback));
}

const MAY = {
  [PodSecurity.Baseline]: "may run as root",
  [PodSecurity.Privileged]: "may do on its node what root may, as far as its pod asks for it",
};

/** Says in a preview which versions may do more than the default lets them. */
export function tellOptOuts(
  component: pulumi.Resource,
  versions: readonly CompleteVersion[] | undefined,
): void {
  if (!pulumi.runtime.isDryRun()) return;
  for (const { name, args } of versions ?? []) {
    levelOf(args).apply((level) =>
      level === PodSecurity.Restricted
        ? undefined
        : pulumi.log.warn(
            `versions.${name}.podSecurity is ${level}: its model ${MAY[level]}, which ${PodSecurity.Restricted}, the default, refuses`,
            component,
          ),
    );
  }
}

/** Arguments whose values stand in the pods' specification. */
const IN_CLEAR = ["command", "args", "podTemplate"] as const;

/** Warns of secrets that everybody could read who may list pods. */
export async function tellClearSecrets(
  component: pulumi.Resource,
  versions: readonly CompleteVersion[] | undefined,
): Promise<void> {
  if (!pulumi.runtime.isDryRun()) return;
  for (const { name, args } of versions ?? []) {
    for (const argument of IN_CLEAR) {
      if (!(await hasSecret(args[argument]))) continue;
      await pulumi.log.warn(
        `versions.${name}.${argument} has a secret, which will stand in clear in the version's pods: give it in environmentVariables, environmentFrom or volumes`,
        component,
      );
    }
  }
}

/**
 * Lets the router's pods call the endpoint's models, and nobody else, where the cluster enforces policies. Policies add up:
 * another one of the user's can let in more, e.g. a collector of metrics. The kubelet's probes need none.
 */
export function createModelPolicy(
  endpoint: string,
  namespace: pulumi.Input<string>,
  routerNamespace: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): k8s.networking.v1.NetworkPolicy {
  const labels = { [ENDPOINT_LABEL]: endpoint };
  const router = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": routerNamespace } },
    podSelector: { matchLabels: { ...podSelector(ROUTER_NAME) } },
  };
  return new k8s.networking.v1.NetworkPolicy(
    endpoint,
    {
      metadata: { name: `${endpoint}-models`, namespace, labels },
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ["Ingress"],
        ingress: [{ from: [router], ports: [{ port: MODEL_PORT, protocol: "TCP" }] }],
      },
    },
    opts,
  );
}
