// DeclaredObjects: guards the Kubernetes objects of one component, and corrects what somebody made of them.
import * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";

/** What identifies an object. */
export interface ObjectReference {
  readonly apiVersion: pulumi.Input<string>;
  readonly kind: pulumi.Input<string>;
  /** Absent for a cluster-scoped object. */
  readonly namespace?: pulumi.Input<string>;
  readonly name: pulumi.Input<string>;
}

export interface DeclaredObjectsArgs {
  /** Text of the kubeconfig. Not kept in the state. */
  kubeconfig: pulumi.Input<string>;
  /** The component that owns the objects (contracts/owner-mark.ts). */
  owner: string;
  /** The stack that may take the objects over. Default: none. */
  handOverTo?: string;
  /** The objects that must not belong to another component. */
  owned: pulumi.Input<pulumi.Input<ObjectReference>[]>;
  /** What @pulumi/kubernetes applies, without the data of Secrets. A secret; the state keeps digests. */
  objects: pulumi.Input<object[]>;
}

const shell = resourceShell("DeclaredObjects", ["check", "diff", "create", "update"]);

/**
 * Fails before any change when an object belongs to another component. Creates objects that are missing, and corrects
 * those that differ from their declaration.
 */
export class DeclaredObjects extends DynamicResource {
  /**
   * The mark for the objects. Unknown in a preview of a correction without which a dry run of the objects would fail: it
   * skips those dry runs.
   */
  declare readonly mark: pulumi.Output<string>;

  constructor(name: string, args: DeclaredObjectsArgs, opts?: pulumi.CustomResourceOptions) {
    const props = {
      ...args,
      kubeconfig: pulumi.secret(args.kubeconfig),
      objects: pulumi.secret(args.objects),
      mark: undefined,
    };
    super(shell, name, props, opts);
  }
}
