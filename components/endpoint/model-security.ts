// What a model's container may do, and who may call it.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PodSecurity } from "../../contracts/choices";
import { ENDPOINT_LABEL } from "../../contracts/model-endpoint/model-endpoint";
import { ROUTER_NAME } from "../../contracts/pods/pod-defaults";
import { MODEL_PORT } from "../../contracts/scoring-api";
import { podSelector } from "../../provider/release/core/release";
import { VERSION_ARGUMENTS } from "../../validation/endpoint/version-arguments";
import { withDefault, withoutAbsent } from "../engine/inputs";
import { type EndpointVersionArgs } from "./aml-model-endpoint-args";
import { type CompleteVersion } from "./complete-version";

type SecurityArgs = Pick<EndpointVersionArgs, "podSecurity" | "runAsUser">;

export interface ModelSecurity {
  readonly pod: pulumi.Input<k8s.types.input.core.v1.PodSecurityContext>;
  readonly container: pulumi.Input<k8s.types.input.core.v1.SecurityContext>;
}

/** Kubernetes' profile «restricted» (kubernetes.io, «Pod Security Standards»), unless the version asks for «baseline». */
export function modelSecurity(args: SecurityArgs): ModelSecurity {
  const level = levelOf(args);
  const seccompProfile = { type: "RuntimeDefault" };
  const pod = pulumi.all([level, withoutAbsent(args.runAsUser)]).apply(([known, user]) => ({
    seccompProfile,
    ...(known === PodSecurity.Restricted ? { runAsNonRoot: true } : {}),
    // Undefined is left out of the object.
    ...((user as number | undefined) === undefined ? {} : { runAsUser: user }),
  }));
  const container = level.apply((known) => ({
    allowPrivilegeEscalation: false,
    capabilities: { drop: [known === PodSecurity.Restricted ? "ALL" : "NET_RAW"] },
  }));
  return { pod, container };
}

function levelOf({ podSecurity }: SecurityArgs): pulumi.Output<PodSecurity> {
  const { default: fallback } = VERSION_ARGUMENTS.podSecurity;
  return pulumi.output(withDefault<PodSecurity>(podSecurity, fallback));
}

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
            `versions.${name}.podSecurity is ${level}: its model may run as root, which ${PodSecurity.Restricted}, the default, refuses`,
            component,
          ),
    );
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
