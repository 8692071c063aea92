// Which resources end with the cluster that their kubeconfig comes from.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  clusterLifetime,
  lastInCluster,
  markCreatedCluster,
  tellCluster,
} from "../../../components/engine/cluster-lifetime";
import { runProgram } from "../../support/pulumi-mocks";

class Cluster extends pulumi.CustomResource {
  declare readonly kubeconfig: pulumi.Output<string>;

  constructor(name: string) {
    super("azure-native:containerservice:ManagedCluster", name, { kubeconfig: "text" });
  }
}

/** What the options name, for a kubeconfig made from two clusters, of which some are created by the program. */
async function lifetimeOf(
  kubeconfig: (one: Cluster, two: Cluster) => pulumi.Input<string>,
  ...created: readonly ("one" | "two")[]
): Promise<readonly [deletedWith: boolean, replaceWith: boolean]> {
  let found: readonly [boolean, boolean] = [false, false];
  await runProgram(() => {
    const clusters = { one: new Cluster("one"), two: new Cluster("two") };
    for (const name of created) markCreatedCluster(clusters[name], pulumi.output("azure"));
    const options = clusterLifetime(kubeconfig(clusters.one, clusters.two));
    found = [options.deletedWith === clusters.one, options.replaceWith?.[0] === clusters.one];
    return {};
  });
  return found;
}

describe("clusterLifetime()", () => {
  it("ties to the one created cluster that the kubeconfig comes from, however it is derived", async () => {
    const derived = (one: Cluster, two: Cluster) =>
      pulumi.secret(pulumi.all([one.kubeconfig, two.id]).apply(([text]) => text));
    assert.deepEqual(await lifetimeOf(derived, "one"), [true, true]);
  });

  it("ties to nothing where the cluster is not the program's, is not known, or is one of two", async () => {
    assert.deepEqual(await lifetimeOf((one) => one.kubeconfig), [false, false]);
    assert.deepEqual(await lifetimeOf(() => "text", "one"), [false, false]);
    const both = (one: Cluster, two: Cluster) => pulumi.interpolate`${one.kubeconfig}${two.id}`;
    assert.deepEqual(await lifetimeOf(both, "one", "two"), [false, false]);
  });
});

describe("tellCluster()", () => {
  it("tells the created cluster that the kubeconfig comes from, and no other", async () => {
    await runProgram(() => {
      const [own, foreign] = [new Cluster("own"), new Cluster("foreign")];
      const last = [new Cluster("first route"), new Cluster("second route")];
      markCreatedCluster(own, pulumi.output("azure"));
      for (const each of last) tellCluster(own.kubeconfig, each);
      tellCluster(foreign.kubeconfig, new Cluster("another"));
      tellCluster("text", new Cluster("a third"));
      assert.deepEqual(lastInCluster(own), last);
      assert.deepEqual(lastInCluster(foreign), []);
      return {};
    });
  });
});
