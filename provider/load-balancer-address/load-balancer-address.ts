// LoadBalancerAddress: the address of a Service's load balancer, looked up live in every preview and update.
import * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";

const shell = resourceShell("LoadBalancerAddress", ["check", "diff", "create", "read", "update"]);

export interface LoadBalancerAddressArgs {
  /** Text of the kubeconfig. Always a secret in the state. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Namespace of the Service. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the Service, which must be of type LoadBalancer. */
  readonly serviceName: pulumi.Input<string>;
  /**
   * The annotations by which the program tells the cloud what the load balancer is to be. After a change the former
   * address no longer counts. Default: none.
   */
  readonly annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Seconds that the cloud may take to give an address, 1 to 3600. Default 600, as the Kubernetes provider waits for a
   * Service.
   */
  readonly timeoutSeconds?: pulumi.Input<number>;
}

/**
 * Waits for the address. Owns no object, and deleting it deletes nothing. Without an address an update fails with one
 * sentence, the Service's newest warnings included, and the next one waits again.
 */
export class LoadBalancerAddress extends DynamicResource {
  /** An IPv4 address, an IPv6 address in brackets, or a name. Unknown in a preview that finds no or another one. */
  declare readonly address: pulumi.Output<string>;

  constructor(name: string, args: LoadBalancerAddressArgs, opts?: pulumi.CustomResourceOptions) {
    const props = { ...args, kubeconfig: pulumi.secret(args.kubeconfig), address: undefined };
    super(shell, name, props, opts);
  }
}
