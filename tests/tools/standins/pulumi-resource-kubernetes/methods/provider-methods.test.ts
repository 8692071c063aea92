/** What replaces a provider, and with it every resource. */
import assert from "node:assert/strict";
import { DiffRequest } from "@pulumi/pulumi/proto/provider_pb";
import { diffConfig } from "../../../../../tools/standins/pulumi-resource-kubernetes/methods/provider-methods";
import type { PropertyMap } from "../../../../../tools/standins/property-value/index";
import { toStruct } from "../../../../../tools/standins/resource-plugin";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function kubeconfig(server: string, token = "a"): string {
  return JSON.stringify({
    clusters: [{ name: "c", cluster: { server } }],
    users: [{ name: "u", user: { token } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  });
}

function replacesOf(olds: PropertyMap, news: PropertyMap): string[] {
  const request = new DiffRequest();
  request.setOlds(toStruct(olds));
  request.setNews(toStruct(news));
  return diffConfig(request).getReplacesList();
}

describe("diffConfig()", () => {
  const here = kubeconfig("https://here");
  const there = kubeconfig("https://there");

  it("replaces nothing for a kubeconfig with renewed credentials", () => {
    assert.deepEqual(
      replacesOf({ kubeconfig: here }, { kubeconfig: kubeconfig("https://here", "b") }),
      [],
    );
  });

  it("replaces for another cluster, unless clusterIdentifier says that it is the same", () => {
    assert.deepEqual(replacesOf({ kubeconfig: here }, { kubeconfig: there }), ["kubeconfig"]);
    const named = { clusterIdentifier: "one" };
    assert.deepEqual(
      replacesOf({ kubeconfig: here, ...named }, { kubeconfig: there, ...named }),
      [],
    );
    assert.deepEqual(
      replacesOf({ kubeconfig: here, ...named }, { kubeconfig: unknown, ...named }),
      [],
    );
  });

  it("replaces for another clusterIdentifier, but not for a first one", () => {
    const config = { kubeconfig: here };
    assert.deepEqual(
      replacesOf({ ...config, clusterIdentifier: "one" }, { ...config, clusterIdentifier: "two" }),
      ["clusterIdentifier"],
    );
    assert.deepEqual(replacesOf(config, { ...config, clusterIdentifier: "one" }), []);
  });

  it("replaces for a kubeconfig that is not known yet", () => {
    assert.deepEqual(replacesOf({ kubeconfig: here }, { kubeconfig: unknown }), ["kubeconfig"]);
  });

  it("refuses a kubeconfig that can't be read, in a sentence", () => {
    assert.throws(
      () => replacesOf({ kubeconfig: here }, { kubeconfig: "a: [" }),
      /failed to parse kubeconfig/,
    );
    assert.deepEqual(replacesOf({ kubeconfig: "/gone" }, { kubeconfig: here }), []);
  });
});
