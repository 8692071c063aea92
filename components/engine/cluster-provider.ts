// The Kubernetes provider through which components reach a cluster: one per cluster, shared by its endpoints.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type ArgumentError } from "../../values/argument-error";
import { without } from "../../values/without";
import { clusterIdentifier, clusterNameOf } from "./cluster-name";
import { valueOrUnknown } from "./known-output";
import { type RouterReference, routerPartsOf } from "./router-reference";

/** Any Kubernetes resource type: used to find the provider that the options pass for the package. */
const MODULE_MEMBER = "kubernetes:core/v1:Namespace";

const NAME = "aml-inference-cluster";

/** A provider that endpoints share, and the kubeconfig that it was made with. */
interface SharedProvider {
  readonly provider: pulumi.ProviderResource;
  readonly kubeconfig: pulumi.Input<string>;
}

/** By the clusters' names. */
type SharedProviders = Map<string, SharedProvider>;

/** The same symbol in every copy of this package: two copies must not register one name twice. */
const PROVIDERS = Symbol.for("aml-inference.cluster-providers");

/**
 * A provider that adopts what exists, and that stays the same while server and certificate authority do: renewed
 * credentials replace nothing (haproxy-tried, rules 2 and 15).
 */
export function createClusterProvider(
  name: string,
  kubeconfig: pulumi.Input<string>,
  opts: pulumi.ResourceOptions,
): k8s.Provider {
  const secret = pulumi.secret(kubeconfig);
  const args = {
    kubeconfig: secret,
    // Without its origin: before the engine replaces a cluster, it compares providers with unknowns in place of what comes
    // from the cluster. One that is to be replaced it closes, and then can't delete through it (pulumi 3.259, Registry.Diff).
    clusterIdentifier: valueOrUnknown(secret.apply(clusterIdentifier)),
    enableServerSideApply: true,
    upsertExistingObjects: true,
    // Pulumi owns the declared fields: an edit by others is corrected instead of causing a conflict.
    enablePatchForce: true,
  };
  return new k8s.Provider(name, args, {
    ...opts,
    transformations: [...(opts.transformations ?? []), leaveOutEnvironment],
  });
}

/**
 * The SDK copies these options from the environment into the state, where they would outlast the command that they were
 * meant for. The plugin reads the same variables itself.
 */
const leaveOutEnvironment: pulumi.ResourceTransformation = ({ props, opts }) => ({
  props: without(props, "deleteUnreachable", "skipUpdateUnreachable"),
  opts,
});

/** How an endpoint reaches its cluster. */
export interface ClusterAccess {
  readonly provider: pulumi.ProviderResource;
  /** What is wrong with the reference, once its kubeconfig is known; undefined: there is nothing to compare. */
  readonly found?: pulumi.Output<ArgumentError[]>;
}

/**
 * The provider in the endpoint's options, else its router's, else one per cluster name
 * (`clusterNameOf`), called `aml-inference-cluster-<name>`.
 */
export function clusterAccessOf(
  component: pulumi.ComponentResource,
  router: RouterReference,
): ClusterAccess {
  const own = component.getProvider(MODULE_MEMBER) ?? routerPartsOf(router)?.provider;
  if (own !== undefined) return { provider: own };
  const { kubeconfig } = router;
  const providers = providersOfRun();
  const clusterName = clusterNameOf(router);
  const known = providers.get(clusterName);
  if (known !== undefined) {
    if (known.kubeconfig === kubeconfig) return { provider: known.provider };
    return { provider: known.provider, found: otherCluster(known.kubeconfig, router, clusterName) };
  }
  const provider = createClusterProvider(`${NAME}-${clusterName}`, kubeconfig, {
    aliases: [{ name: formerName(providers.size + 1) }],
  });
  providers.set(clusterName, { provider, kubeconfig });
  return { provider };
}

/**
 * What the n-th provider of a program was called before names distinguished clusters. No provider is given such a name
 * any more, so it is found only in the state of a program that is run for the first time since.
 */
function formerName(nth: number): string {
  return nth === 1 ? NAME : `${NAME}-${nth}`;
}

/** A process may run several programs, each with a monitor of its own. */
function providersOfRun(): SharedProviders {
  const shared = globalThis as { [PROVIDERS]?: WeakMap<object, SharedProviders> };
  const runs = (shared[PROVIDERS] ??= new WeakMap());
  const run = pulumi.runtime.getMonitor() ?? shared;
  const providers: SharedProviders = runs.get(run) ?? new Map<string, SharedProvider>();
  runs.set(run, providers);
  return providers;
}

/** Two references have one name: their kubeconfigs must lead to one cluster. */
function otherCluster(
  first: pulumi.Input<string>,
  { kubeconfig }: RouterReference,
  clusterName: string,
): pulumi.Output<ArgumentError[]> {
  const [one, other] = [first, kubeconfig].map((text) =>
    pulumi.output(text).apply(clusterIdentifier),
  );
  const problems = pulumi.all([one, other]).apply(([left, right]) => {
    if (left === right) return [];
    const reason = `must differ for each cluster of a program: "${clusterName}" is ${left ?? ""} and ${right ?? ""}; give both references a clusterName`;
    return [{ path: "router.clusterName", reason }];
  });
  return pulumi.unsecret(problems);
}
