// The environment variables of a version whose values are secret: a Secret of Kubernetes holds them, and pods name it.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { SecretName } from "../../provider/secret-name/secret-name";
import { isLater, type Later, outputOf, withoutAbsent } from "../engine/inputs";
import { type EndpointVersionArgs } from "./aml-model-endpoint-args";

type Variables = Record<string, pulumi.Input<string>>;

/** Which variables are secret: none, those of these names, or all, whose names may come later. */
export type SecretNames = readonly string[] | "all";

/** At once where no value comes later. */
export function secretNames({
  environmentVariables: given,
}: Pick<EndpointVersionArgs, "environmentVariables">): Later<SecretNames> {
  if (isLater(given)) {
    return pulumi.isSecret(outputOf(given)).then((isSecret) => (isSecret ? "all" : []));
  }
  const later = Object.entries(given ?? {}).filter(([, value]) => isLater(value));
  if (later.length === 0) return [];
  const found = later.map(async ([name, value]) =>
    (await pulumi.isSecret(outputOf(value))) ? [name] : [],
  );
  return Promise.all(found).then((names) => names.flat());
}

export interface SecretVariables {
  /** Entries of the container's environment, by the variables' names. */
  readonly source: (variable: string) => k8s.types.input.core.v1.EnvVarSource | undefined;
  /** What the pods need before they start. */
  readonly resources: readonly pulumi.Resource[];
}

const NONE: SecretVariables = { source: () => undefined, resources: [] };

/**
 * The Secret, immutable and with a name of its own for these values: other values make another one, and the former is
 * deleted once the roll-out has succeeded.
 * @param at what the names of the version's objects begin with, and where these are
 */
export function createSecretVariables(
  { environmentVariables: given }: Pick<EndpointVersionArgs, "environmentVariables">,
  names: SecretNames,
  at: {
    readonly objectName: string;
    readonly namespace: pulumi.Input<string>;
    readonly labels: Record<string, string>;
  },
  opts: pulumi.CustomResourceOptions & { readonly parent: pulumi.Resource },
): SecretVariables {
  if (names.length === 0) return NONE;
  const data = names === "all" ? outputOf<Variables>(withoutAbsent(given)) : pick(given, names);
  const { objectName, namespace, labels } = at;
  const { suffix } = new SecretName(objectName, { data }, { parent: opts.parent });
  const name = pulumi.interpolate`${objectName}-${suffix}`;
  const secret = new k8s.core.v1.Secret(
    objectName,
    {
      metadata: { name, namespace, labels },
      type: "Opaque",
      immutable: true,
      stringData: pulumi.secret(data),
    },
    opts,
  );
  return {
    source: (variable) =>
      names === "all" || names.includes(variable)
        ? { secretKeyRef: { name, key: variable } }
        : undefined,
    resources: [secret],
  };
}

/** A secret that turns out to be undefined is an empty text, as a literal would be. */
function pick(
  given: EndpointVersionArgs["environmentVariables"],
  names: readonly string[],
): Variables {
  const variables = (given ?? {}) as Variables;
  const entries = names.map((name): [string, pulumi.Output<string>] => [
    name,
    outputOf<string | undefined>(variables[name]).apply((value) => value ?? ""),
  ]);
  return Object.fromEntries(entries);
}
