// What a release declares: names by content, digests of all objects, prune.
import assert from "node:assert/strict";
import { OWNER_ANNOTATION } from "../../../../contracts/owner-mark";
import { autoscalerRelease } from "../../../../provider/autoscaler-deployment/core/autoscaler-objects";
import { bundleOf } from "../../../../provider/release/core/bundle-config-map";
import { objectKey } from "../../../../kubernetes/core/kube-object";
import {
  deployedObjects,
  objectDigests,
  ownedObjects,
  recordedDeployment,
  releaseRecord,
  unusedBundles,
  withMark,
  withMarkOf,
} from "../../../../provider/release/core/release";
import {
  routerRelease,
  type RouterSpec,
} from "../../../../provider/router-deployment/core/router-objects";

const code = "console.log(1)";
const bundle = bundleOf(code);
const spec: RouterSpec = {
  namespace: "n",
  name: "router",
  agentImage: "node:24",
  haproxyImage: "haproxy:3.4",
  serviceAccountName: "sa",
  agentResources: {},
  haproxyResources: {},
};

describe("A release", () => {
  it("names the code's ConfigMap by its content", () => {
    const other = bundleOf(code);
    const [one, two] = [routerRelease(spec, bundle), routerRelease(spec, other)];
    assert.equal(one.bundle.metadata.name, two.bundle.metadata.name);
    assert.deepEqual(objectDigests(one), objectDigests(two));
  });

  it("has other digests when anything that is deployed differs", () => {
    const before = objectDigests(routerRelease(spec, bundle));
    const after = objectDigests(routerRelease({ ...spec, haproxyImage: "haproxy:3.4.8" }, bundle));
    assert.notEqual(after["Deployment/router"], before["Deployment/router"]);
  });

  it("has its owner's mark on every object but not on its pods, also on a former Deployment that comes back", () => {
    const plain = routerRelease(spec, bundle);
    const release = withMark(plain, "a/b/c AmlInferenceRouter fe");
    for (const { metadata } of ownedObjects(release)) {
      assert.deepEqual(metadata.annotations, { [OWNER_ANNOTATION]: "a/b/c AmlInferenceRouter fe" });
    }
    assert.deepEqual(release.deployment.spec, plain.deployment.spec);
    assert.equal(withMark(plain, undefined), plain);
    const former = withMark(plain, "a/b/before AmlInferenceRouter fe").deployment;
    assert.deepEqual(withMarkOf(former, release.deployment), release.deployment);
    assert.deepEqual(withMarkOf(plain.deployment, release.deployment), release.deployment);
    assert.equal(withMarkOf(former, plain.deployment), former);
  });

  it("gives back the Deployment that its record holds, and nothing from a broken record", () => {
    const release = routerRelease(spec, bundle);
    const record = releaseRecord(release);
    assert.deepEqual(recordedDeployment(record), release.deployment);
    assert.equal(recordedDeployment({ ...record, data: { deployment: "{" } }), undefined);
    assert.equal(recordedDeployment(undefined), undefined);
  });

  it("compares a refresh with what was deployed, when another version of the library would deploy other code", () => {
    const then = routerRelease(spec, bundle);
    const now = routerRelease(spec, bundleOf("other"));
    const compared = (recorded: typeof then.deployment | undefined) => {
      const { known, present } = deployedObjects(now, objectDigests(then), recorded);
      return { known: known.map(objectKey), present: present.map(objectKey) };
    };
    const code = objectKey(then.bundle);
    assert.deepEqual(compared(then.deployment), {
      known: ["Deployment/router"],
      present: [code, "ConfigMap/router-release"],
    });
    assert.deepEqual(compared(undefined), {
      known: [],
      present: [code, "Deployment/router", "ConfigMap/router-release"],
    });
    const same = deployedObjects(then, objectDigests(then), undefined);
    assert.deepEqual(same, { known: ownedObjects(then), present: [] });
  });

  it("keeps the code that a ReplicaSet could still start", () => {
    const release = routerRelease(spec, bundle);
    const other = routerRelease(spec, bundleOf("other"));
    const unused = unusedBundles(
      [release.bundle, other.bundle, releaseRecord(release)],
      [{ spec: { template: release.deployment.spec.template } }],
    );
    assert.deepEqual(unused, [other.bundle.metadata.name]);
  });

  it("labels all of its objects, by which a destroy finds them", () => {
    for (const object of ownedObjects(routerRelease(spec, bundle))) {
      assert.equal(object.metadata.labels?.["aml-inference.io/release"], "router");
    }
  });
});

describe("routerRelease()", () => {
  const template = (more: Partial<RouterSpec> = {}) =>
    JSON.stringify(routerRelease({ ...spec, ...more }, bundle).deployment.spec.template);

  it("has exactly one pod at a time: two would double every limit", () => {
    const { deployment } = routerRelease(spec, bundle);
    assert.equal(deployment.spec.replicas, 1);
    assert.deepEqual(deployment.spec["strategy"], { type: "Recreate" });
  });

  it("selects its pods by its name alone", () => {
    const { selector } = routerRelease({ ...spec, tlsSecretName: "tls" }, bundle).deployment.spec;
    assert.deepEqual(selector, { matchLabels: { "app.kubernetes.io/name": "router" } });
  });

  it("mounts a certificate only when there is one", () => {
    assert.ok(!template().includes("secretName"));
    assert.ok(template({ tlsSecretName: "cert" }).includes('"secretName":"cert"'));
  });

  it("tells the agent how to treat clients, and which part of HAProxy's memory bodies may take", () => {
    assert.doesNotMatch(template(), /AML_(INSECURE|TRUSTED|BODY)/);
    const ways = {
      insecureTraffic: "Refuse",
      trustedProxies: ["10.0.0.0/8", "192.0.2.0/24"],
    } as const;
    assert.doesNotMatch(template(ways), /AML_INSECURE_TRAFFIC/, "without TLS all is plain");
    const told = template({ ...ways, tlsSecretName: "cert" });
    assert.ok(told.includes('{"name":"AML_INSECURE_TRAFFIC","value":"Refuse"}'));
    assert.ok(told.includes('{"name":"AML_TRUSTED_PROXIES","value":"10.0.0.0/8,192.0.2.0/24"}'));
    const bytes = (memory: string) =>
      /"AML_BODY_MEMORY_BYTES","value":"(\d+)"/.exec(
        template({ haproxyResources: { limits: { memory } } }),
      )?.[1];
    assert.equal(bytes("2Gi"), "644245094");
    assert.equal(bytes("128Mi"), "104857600", "one body of 100 MB always fits");
  });

  it("runs every container without rights", () => {
    const text = template();
    assert.equal(text.split('"readOnlyRootFilesystem":true').length - 1, 2);
    assert.equal(text.split('"drop":["ALL"]').length - 1, 2);
    assert.ok(text.includes('"runAsNonRoot":true'));
  });
});

describe("autoscalerRelease()", () => {
  it("replaces its pods one after another", () => {
    const { deployment } = autoscalerRelease(
      {
        namespace: "n",
        name: "autoscaler",
        image: "node:24",
        replicas: 2,
        serviceAccountName: "sa",
        routerName: "router",
        routerServiceAccountName: "router",
        resources: {},
      },
      bundle,
    );
    assert.deepEqual(deployment.spec["strategy"], {
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
    });
    assert.ok(JSON.stringify(deployment).includes('"value":"app.kubernetes.io/name=router"'));
  });
});
