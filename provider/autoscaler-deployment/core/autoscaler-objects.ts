// The Kubernetes objects of the autoscaler: its code, and a Deployment whose leader acts.
import {
  ENVIRONMENT,
  HEALTH_PATH,
  HEALTH_PORT,
  READY_PATH,
} from "../../../contracts/pods/autoscaler-environment";
import {
  type AdmissionArguments,
  admissionVariables,
} from "../../../contracts/pods/admission-environment";
import { SAMPLES_PORT } from "../../../contracts/metrics-channel/router-sample";
import {
  type Bundle,
  BUNDLE_PATH,
  BUNDLE_VOLUME,
  bundleCommand,
  bundleConfigMap,
} from "../../release/core/bundle-config-map";
import { INTERNAL_TLS_MOUNT, internalTlsVolume } from "../../release/core/internal-tls-volume";
import { fieldVariable } from "../../../kubernetes/core/field-variable";
import {
  CONTAINER_SECURITY,
  type ContainerResources,
  POD_SECURITY,
} from "../../../kubernetes/core/container-security";
import { podSelector, type Release, releaseLabels } from "../../release/core/release";

/** Settings of an autoscaler, with the defaults that `check` fills in. */
export interface AutoscalerSpec extends AdmissionArguments {
  readonly namespace: string;
  /** Name of the Deployment. */
  readonly name: string;
  readonly image: string;
  readonly replicas: number;
  readonly serviceAccountName: string;
  /** Name of the routers' Deployment, whose pods report to the autoscaler. */
  readonly routerName: string;
  readonly routerServiceAccountName: string;
  readonly resources: ContainerResources;
}

export function autoscalerRelease(spec: AutoscalerSpec, bundle: Bundle): Release {
  const { name, namespace } = spec;
  const configMap = bundleConfigMap(name, namespace, bundle);
  return {
    name,
    namespace,
    bundle: configMap,
    deployment: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace, labels: releaseLabels(name) },
      spec: {
        replicas: spec.replicas,
        revisionHistoryLimit: 2,
        selector: { matchLabels: podSelector(name) },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: {
          metadata: { labels: releaseLabels(name) },
          spec: podSpec(spec, configMap.metadata.name, bundleCommand(bundle)),
        },
      },
    },
  };
}

function podSpec(spec: AutoscalerSpec, bundle: string, command: readonly string[]) {
  return {
    serviceAccountName: spec.serviceAccountName,
    enableServiceLinks: false,
    securityContext: POD_SECURITY,
    terminationGracePeriodSeconds: 10,
    volumes: [{ name: BUNDLE_VOLUME, configMap: { name: bundle } }, internalTlsVolume(spec.name)],
    containers: [
      {
        name: "autoscaler",
        image: spec.image,
        imagePullPolicy: "IfNotPresent",
        command,
        env: [
          fieldVariable(ENVIRONMENT.podName, "metadata.name"),
          fieldVariable(ENVIRONMENT.podNamespace, "metadata.namespace"),
          { name: ENVIRONMENT.routerSelector, value: selectorText(podSelector(spec.routerName)) },
          { name: ENVIRONMENT.routerServiceAccount, value: spec.routerServiceAccountName },
          ...admissionVariables(spec),
        ],
        ports: [
          { name: "samples", containerPort: SAMPLES_PORT, protocol: "TCP" },
          { name: "health", containerPort: HEALTH_PORT, protocol: "TCP" },
        ],
        resources: spec.resources,
        securityContext: CONTAINER_SECURITY,
        startupProbe: { ...probe(HEALTH_PATH), periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: { ...probe(READY_PATH), periodSeconds: 2 },
        livenessProbe: { ...probe(HEALTH_PATH), periodSeconds: 10, timeoutSeconds: 5 },
        volumeMounts: [
          { name: BUNDLE_VOLUME, mountPath: BUNDLE_PATH, readOnly: true },
          INTERNAL_TLS_MOUNT,
        ],
      },
    ],
  };
}

function probe(path: string) {
  return { httpGet: { path, port: HEALTH_PORT } };
}

function selectorText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
}
