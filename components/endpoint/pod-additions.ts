// What a version's arguments add to its pods, each only where it is given: the pods of other versions stay as they are.
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type PodSecurity } from "../../contracts/choices";
import { containerSecurity } from "../../kubernetes/core/pod-security";
import { type JsonObject } from "../../values/json-object";
import { withoutNulls, withoutNullsInside } from "../../values/without";
import { type Given, outputOf } from "../engine/inputs";
import { usesOwnAccount } from "./model-account";
import {
  type EndpointVersionArgs,
  type EnvironmentSourceArgs,
  type VolumeArgs,
} from "./aml-model-endpoint-args";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type Container = k8s.types.input.core.v1.Container;
/** With everything in it known. */
interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: object;
}

/** A value with everything in it known. */
type Plain<T> = pulumi.Unwrap<T>;

/** Name and value of the label with which Azure's webhook gives a pod the tokens of its workload identity. */
const WORKLOAD_IDENTITY_LABEL = { "azure.workload.identity/use": "true" };
/** The webhook leaves a variable alone that a container has. */
const CLIENT_ID_VARIABLE = "AZURE_CLIENT_ID";

/** The argument, once it is known and unless it turns out to be left out. */
function whenGiven<T, R>(
  given: Given<T>,
  map: (value: Plain<T>) => R,
): pulumi.Output<R> | undefined {
  if (given === undefined) return undefined;
  return outputOf<Plain<T> | null | undefined>(given).apply((value) => {
    const known = withoutNullsInside(value);
    // Undefined is left out of the object; the types of the SDK don't say so.
    return known === undefined || known === null ? (undefined as R) : map(known);
  });
}

const asItIs = <T>(value: T): T => value;

/** Labels besides those that select the pods. */
export function podLabels({
  podLabels: given,
  workloadIdentityClientId: clientId,
}: EndpointVersionArgs): pulumi.Output<Record<string, string>> | undefined {
  if (given === undefined && clientId === undefined) return undefined;
  return pulumi
    .all([whenGiven(given, asItIs), whenGiven(clientId, () => WORKLOAD_IDENTITY_LABEL)])
    .apply(([own, identity]): Record<string, string> => ({ ...own, ...identity }));
}

export function podAnnotations({
  podAnnotations: given,
}: EndpointVersionArgs): pulumi.Output<Record<string, string>> | undefined {
  return whenGiven(given, asItIs);
}

/**
 * @param endpoint whose account the pods have where they are a managed identity and no other account is given
 * @param selector labels of the version's pods
 */
export function podAdditions(
  args: EndpointVersionArgs,
  level: pulumi.Output<PodSecurity>,
  endpoint: string,
  selector: Record<string, string>,
): Partial<PodSpec> {
  return withoutNulls({
    imagePullSecrets: whenGiven(args.imagePullSecrets, (names) => names.map((name) => ({ name }))),
    serviceAccountName: whenGiven(
      usesOwnAccount(args) ? endpoint : args.serviceAccountName,
      asItIs,
    ),
    volumes: whenGiven(args.volumes, (volumes) =>
      Object.entries(volumes).map(
        ([name, { mountPath: _at, subPath: _in, readOnly: _only, ...source }]) => ({
          name,
          ...source,
        }),
      ),
    ),
    initContainers: initContainers(args, level),
    affinity: whenGiven(args.affinity, asItIs),
    topologySpreadConstraints: whenGiven(args.topologySpread, (whenUnsatisfiable) =>
      ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
        ...{ topologyKey, maxSkew: 1, whenUnsatisfiable },
        labelSelector: { matchLabels: selector },
        // Replicas that a roll-out removes don't count.
        matchLabelKeys: ["pod-template-hash"],
      })),
    ),
    priorityClassName: whenGiven(args.priorityClassName, asItIs),
    runtimeClassName: whenGiven(args.runtimeClassName, asItIs),
  }) as unknown as Partial<PodSpec>;
}

export function containerAdditions(args: EndpointVersionArgs): Partial<Container> {
  return withoutNulls({
    command: whenGiven(args.command, asItIs),
    args: whenGiven(args.args, asItIs),
    envFrom: whenGiven(args.environmentFrom, (sources) =>
      sources.filter(({ key }) => key === undefined).map(wholeSource),
    ),
    volumeMounts: whenGiven(args.volumes, volumeMounts),
  }) as Partial<Container>;
}

/** Variables by single keys of Secrets and ConfigMaps, and the client id. */
export function environmentAdditions({
  environmentFrom,
  workloadIdentityClientId,
}: EndpointVersionArgs): pulumi.Output<EnvVar[]> | undefined {
  if (environmentFrom === undefined && workloadIdentityClientId === undefined) return undefined;
  const sources = whenGiven(environmentFrom, (given) => given.flatMap(singleSource));
  const clientId = whenGiven(workloadIdentityClientId, (value) => [
    { name: CLIENT_ID_VARIABLE, value },
  ]);
  return pulumi.all([sources, clientId]).apply(([single = [], identity = []]) => {
    const isOwn = (name: string) => single.some((each) => each.name === name);
    return [...identity.filter(({ name }) => !isOwn(name)), ...single] as EnvVar[];
  });
}

function initContainers(
  { initContainers: given }: EndpointVersionArgs,
  level: pulumi.Output<PodSecurity>,
) {
  if (given === undefined) return undefined;
  return pulumi
    .all([whenGiven(given, asItIs), level])
    .apply(([containers, known]) => containers?.map((each) => secured(each, known)));
}

/** A container of the user's, within the version's level. */
export function secured(container: JsonObject, level: PodSecurity): JsonObject {
  const given = container["securityContext"] as JsonObject | undefined;
  const securityContext = containerSecurity(level, given);
  return Object.keys(securityContext).length === 0 ? container : { ...container, securityContext };
}

function singleSource({
  key,
  variable = key,
  optional,
  ...source
}: Plain<EnvironmentSourceArgs>): EnvVar[] {
  if (key === undefined || variable === undefined) return [];
  const from = {
    key,
    name: source.secretName ?? source.configMapName,
    ...withoutNulls({ optional }),
  };
  const valueFrom =
    source.secretName === undefined ? { configMapKeyRef: from } : { secretKeyRef: from };
  return [{ name: variable, valueFrom }];
}

function wholeSource({
  secretName,
  configMapName,
  prefix,
  optional,
}: Plain<EnvironmentSourceArgs>) {
  const from = { name: secretName ?? configMapName, ...withoutNulls({ optional }) };
  return {
    ...withoutNulls({ prefix }),
    ...(secretName === undefined ? { configMapRef: from } : { secretRef: from }),
  };
}

function volumeMounts(volumes: Record<string, Plain<VolumeArgs>>) {
  return Object.entries(volumes).flatMap(([name, { mountPath, subPath, readOnly }]) =>
    mountPath === undefined ? [] : [{ name, mountPath, ...withoutNulls({ subPath, readOnly }) }],
  );
}
