// AmlAksCluster: the AKS cluster that models are served on, new or attached.
import * as pulumi from "@pulumi/pulumi";
import { CLUSTER_ARGUMENTS } from "../../validation/cluster/cluster-arguments";
import { type AmlAksClusterArgs } from "./aml-aks-cluster-args";
import { knownArguments, refuseArguments } from "../engine/refuse-arguments";
import { validateCluster } from "../../validation/cluster/validate-cluster";
import { withoutNullsInside } from "../../values/without";
import { from } from "./given-late";
import { withDefault } from "../engine/inputs";
import { namesInAliases } from "./core/alias-names";
import { loadClusterParts } from "./load-cluster-parts";
import { type EgressRule, requiredEgress } from "./core/required-egress";

/**
 * An AKS cluster for `AmlInferenceRouter`: a new one with a system pool and the agents in a pool of their own, or one
 * that exists (`existingClusterId`), of which nothing is changed.
 */
export class AmlAksCluster extends pulumi.ComponentResource {
  public static readonly __pulumiType = "aml-inference:index:AmlAksCluster";

  /** Kubeconfig without a login prompt. A secret. */
  public readonly kubeconfig: pulumi.Output<string>;
  /** Resource id of the managed cluster. */
  public readonly clusterId: pulumi.Output<string>;
  /** What the cluster is for. */
  public readonly clusterPurpose: pulumi.Output<string>;
  /** Host name of the API server. */
  public readonly fqdn: pulumi.Output<string>;
  /** vCPUs of the smallest number of agents. */
  public readonly vCpus: pulumi.Output<number>;
  /** Resource group of the machines, which AKS manages. */
  public readonly nodeResourceGroup: pulumi.Output<string>;
  /** Where the cluster must be able to connect to, for firewalls. */
  public readonly requiredEgress: pulumi.Output<EgressRule[]>;

  constructor(name: string, args: AmlAksClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super(AmlAksCluster.__pulumiType, name, { ...args }, opts);
    // Programs may pass undefined or null for what is not given, at any depth.
    args = withoutNullsInside(args);
    refuseArguments(this, validateCluster(name, knownArguments({ ...args })));
    this.clusterPurpose = pulumi.output(
      withDefault(args.clusterPurpose, CLUSTER_ARGUMENTS.clusterPurpose.default),
    );

    const { attachCluster, createClusterParts } = loadClusterParts();
    // Whether a cluster is made must be known at once: an id that comes as nothing is illegal.
    const existing =
      args.existingClusterId === undefined ? undefined : withDefault(args.existingClusterId, "");
    const { id, observed, vCpus } =
      existing === undefined
        ? createClusterParts(this, name, args, namesInAliases(opts?.aliases))
        : attachCluster(this, name, existing, { ...args, existingClusterId: existing });
    const plain = pulumi.unsecret(observed.apply(({ cluster }) => cluster));
    this.clusterId = id;
    this.kubeconfig = observed.kubeconfig;
    this.vCpus = vCpus;
    this.fqdn = plain.apply((cluster) => cluster.privateFQDN ?? cluster.fqdn);
    this.nodeResourceGroup = plain.apply((cluster) => cluster.nodeResourceGroup ?? "");
    this.requiredEgress = pulumi
      .all([
        plain.location,
        this.fqdn,
        withDefault(args.containerRegistryIds, []),
        args.azurePolicy,
        args.defender,
        from(args.gpuPool, (pool) => pool?.devicePlugin ?? false),
        args.azureMonitorMetrics,
      ])
      .apply(([location, apiServer, registryIds, azurePolicy, defender, devicePlugin, metrics]) =>
        requiredEgress({
          location,
          apiServer,
          registryIds,
          metrics: metrics ?? CLUSTER_ARGUMENTS.azureMonitorMetrics.default,
          monitoring: args.logAnalyticsWorkspaceId !== undefined,
          azurePolicy: azurePolicy ?? CLUSTER_ARGUMENTS.azurePolicy.default,
          defender: defender ?? CLUSTER_ARGUMENTS.defender.default,
          devicePlugin,
        }),
      );
    this.registerOutputs({
      clusterId: this.clusterId,
      kubeconfig: this.kubeconfig,
      clusterPurpose: this.clusterPurpose,
      fqdn: this.fqdn,
      vCpus: this.vCpus,
      nodeResourceGroup: this.nodeResourceGroup,
      requiredEgress: this.requiredEgress,
    });
  }
}
