// What an AmlInferenceRouter registers, on Pulumi's mocks.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AmlInferenceRouter } from "../../../components/router/aml-inference-router";
import { type AmlInferenceRouterArgs } from "../../../components/router/aml-inference-router-args";
import { AmlModelEndpoint } from "../../../components/endpoint/aml-model-endpoint";
import { InsecureTraffic } from "../../../contracts/choices";
import * as autoscalerEnvironment from "../../../contracts/pods/autoscaler-environment";
import * as routerEnvironment from "../../../contracts/pods/router-environment";
import { KUBECONFIG } from "../../support/component-kubeconfig";
import { type Registered, runProgram } from "../../support/pulumi-mocks";

const SERVICE = "kubernetes:core/v1:Service";
const ROUTER = "pulumi-nodejs:dynamic/aml-inference:RouterDeployment";
const AUTOSCALER = "pulumi-nodejs:dynamic/aml-inference:AutoscalerDeployment";
const LEGACY_CERTIFICATE = "pulumi-nodejs:dynamic/aml-inference:LegacyCertificate";
const LEGACY_ROUTER = "pulumi-nodejs:dynamic/aml-inference:LegacyRouter";
const ADDRESS = "pulumi-nodejs:dynamic/aml-inference:LoadBalancerAddress";
const PROVIDER = "pulumi:providers:kubernetes";

const OWNER = "organization/project/stack AmlInferenceRouter fe";

async function register(args: Partial<AmlInferenceRouterArgs>) {
  return runProgram(() => {
    const router = new AmlInferenceRouter("fe", { kubeconfig: KUBECONFIG, ...args });
    const { scoringBaseUri, namespace, kubeconfig, clusterPurpose } = router;
    return { scoringBaseUri, namespace, kubeconfig, clusterPurpose };
  });
}

function inputsOf(registered: readonly Registered[], type: string, name = "fe") {
  const found = registered.find((each) => each.type === type && each.name === name);
  assert.ok(found !== undefined, `${type} ${name} is not registered`);
  return found.inputs as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What the Service asks Azure for: the same as what its address depends on. */
function askedOfAzure(registered: readonly Registered[]) {
  const { annotations } = inputsOf(registered, SERVICE, "fe-router")["metadata"] ?? {};
  const {
    "pulumi.com/skipAwait": skipAwait,
    "aml-inference.io/owner": owner,
    ...asked
  } = annotations as Record<string, string>;
  assert.deepEqual([skipAwait, owner], ["true", OWNER]);
  const address = inputsOf(registered, ADDRESS, "fe-router");
  assert.deepEqual(address["annotations"], asked);
  assert.deepEqual([address["namespace"], address["serviceName"]].map(String), [
    "aml-inference",
    "aml-inference-router",
  ]);
  return asked;
}

describe("AmlInferenceRouter", () => {
  it("marks what is its own, and lets a guard see it before anything changes", async () => {
    const { registered } = await register({ handOverTo: "project/other", namespace: "models" });
    const mark = `${OWNER} -> organization/project/other`;
    const guard = inputsOf(registered, "pulumi-nodejs:dynamic/aml-inference:DeclaredObjects");
    const keyOf = ({ kind, name }: { kind: string; name: string }) => `${kind}/${name}`;
    const owned = guard["owned"] as unknown as { kind: string; name: string }[];
    assert.deepEqual(owned.map(keyOf).sort(), [
      "ClusterRole/aml-inference-autoscaler-cluster.models",
      "ClusterRole/aml-inference-autoscaler-endpoints.models",
      "ClusterRole/aml-inference-router-cluster.models",
      "ClusterRole/aml-inference-router-endpoints.models",
      "ClusterRoleBinding/aml-inference-autoscaler-cluster.models",
      "ClusterRoleBinding/aml-inference-router-cluster.models",
      "Deployment/aml-inference-autoscaler",
      "Deployment/aml-inference-router",
      "NetworkPolicy/aml-inference-autoscaler",
      "NetworkPolicy/aml-inference-router",
      "Role/aml-inference-autoscaler",
      "Role/aml-inference-router",
      "RoleBinding/aml-inference-autoscaler",
      "RoleBinding/aml-inference-router",
      "Secret/aml-inference-autoscaler-internal-tls",
      "Secret/aml-inference-router-internal-tls",
      "Service/aml-inference-autoscaler",
      "Service/aml-inference-router",
      "ServiceAccount/aml-inference-autoscaler",
      "ServiceAccount/aml-inference-router",
    ]);
    const objects = guard["objects"] as unknown as {
      kind: string;
      metadata: { name: string; annotations?: Record<string, string> };
    }[];
    const markedKinds = new Map(
      objects.map(({ kind, metadata }) => [
        kind,
        metadata.annotations?.["aml-inference.io/owner"] === mark,
      ]),
    );
    assert.deepEqual(
      [...markedKinds].filter(([, marked]) => !marked).map(([kind]) => kind),
      ["Namespace", "CustomResourceDefinition"],
    );
    assert.equal(inputsOf(registered, ROUTER)["owner"], mark);
    assert.equal(inputsOf(registered, AUTOSCALER)["owner"], mark);
  });

  it("lets the guard see of a Secret's data no more than digests", async () => {
    const ssl = { cname: "score.contoso.com", takeOverLegacyCertificate: true };
    const { registered } = await register({ ssl });
    const guard = inputsOf(registered, "pulumi-nodejs:dynamic/aml-inference:DeclaredObjects");
    const objects = guard["objects"] as unknown as { kind: string; dataDigests?: object }[];
    const secrets = objects.filter(({ kind }) => kind === "Secret");
    const pair = ["tls.crt", "tls.key"];
    assert.deepEqual(
      secrets.map(({ dataDigests }) => Object.keys(dataDigests ?? {}).sort()),
      [["ca.crt", ...pair], ["ca.crt", ...pair], pair],
    );
    assert.ok(secrets.every((secret) => !("stringData" in secret)));
  });

  it("registers the cluster's objects, the autoscaler and one router", async () => {
    const { registered } = await register({});
    assert.deepEqual(registered.map(({ type, name }) => `${type} ${name}`).sort(), [
      "aml-inference:index:AmlInferenceRouter fe",
      "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition fe",
      "kubernetes:core/v1:Namespace fe",
      "kubernetes:core/v1:Secret fe-autoscaler-internal-tls",
      "kubernetes:core/v1:Secret fe-router-internal-tls",
      `${SERVICE} fe-autoscaler`,
      `${SERVICE} fe-router`,
      "kubernetes:core/v1:ServiceAccount fe-autoscaler",
      "kubernetes:core/v1:ServiceAccount fe-router",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy fe-autoscaler",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy fe-router",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole fe-autoscaler-cluster",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole fe-autoscaler-endpoints",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole fe-router-cluster",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole fe-router-endpoints",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding fe-autoscaler-cluster",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding fe-router-cluster",
      "kubernetes:rbac.authorization.k8s.io/v1:Role fe-autoscaler",
      "kubernetes:rbac.authorization.k8s.io/v1:Role fe-router",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding fe-autoscaler",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding fe-router",
      "pulumi-nodejs:dynamic/aml-inference:ArgumentCheck fe",
      `${AUTOSCALER} fe`,
      "pulumi-nodejs:dynamic/aml-inference:DeclaredObjects fe",
      "pulumi-nodejs:dynamic/aml-inference:EndpointNamespaces fe",
      `${LEGACY_ROUTER} fe`,
      `${ADDRESS} fe-router`,
      `${ROUTER} fe`,
      `${PROVIDER} fe`,
      "tls:index/certRequest:CertRequest fe-autoscaler",
      "tls:index/certRequest:CertRequest fe-router",
      "tls:index/locallySignedCert:LocallySignedCert fe-autoscaler",
      "tls:index/locallySignedCert:LocallySignedCert fe-router",
      "tls:index/privateKey:PrivateKey fe-autoscaler",
      "tls:index/privateKey:PrivateKey fe-internal-ca",
      "tls:index/privateKey:PrivateKey fe-router",
      "tls:index/selfSignedCert:SelfSignedCert fe-internal-ca",
    ]);
  });

  it("answers to RouterReference: the load balancer's address, namespace, kubeconfig, purpose", async () => {
    const { outputs } = await register({});
    assert.deepEqual(outputs, {
      scoringBaseUri: "http://203.0.113.7",
      namespace: "aml-inference",
      kubeconfig: KUBECONFIG,
      clusterPurpose: "FastProd",
    });
  });

  it("adopts what exists, and knows its cluster by server and authority, not by credentials", async () => {
    const identifier = async (token: string): Promise<unknown> => {
      const kubeconfig = KUBECONFIG.replace('"t"', JSON.stringify(token));
      const { registered } = await register({ kubeconfig });
      const { clusterIdentifier, upsertExistingObjects, enableServerSideApply } = inputsOf(
        registered,
        PROVIDER,
      );
      assert.deepEqual([upsertExistingObjects, enableServerSideApply].map(String), [
        "true",
        "true",
      ]);
      return clusterIdentifier;
    };
    const first = await identifier("one");
    assert.equal(typeof first, "string");
    assert.equal(await identifier("another"), first);
  });

  it("opens ports 80 and, with a certificate, 443", async () => {
    const ports = (registered: readonly Registered[]) =>
      inputsOf(registered, SERVICE, "fe-router")["spec"]?.["ports"];
    const http = { name: "http", port: 80, targetPort: 8080, protocol: "TCP" };
    const https = { name: "https", port: 443, targetPort: 8443, protocol: "TCP" };
    assert.deepEqual(ports((await register({})).registered), [http]);
    const ssl = {
      cname: "score.contoso.com",
      certificatePem: pulumi.output("certificate"),
      privateKeyPem: pulumi.output("key"),
    };
    const { registered, outputs } = await register({ ssl });
    assert.deepEqual(ports(registered), [http, https]);
    assert.equal(outputs["scoringBaseUri"], "https://score.contoso.com");
    assert.deepEqual(inputsOf(registered, "kubernetes:core/v1:Secret")["stringData"], {
      "tls.crt": "certificate",
      "tls.key": "key",
    });
    assert.equal(inputsOf(registered, ROUTER)["tlsSecretName"], "aml-inference-router-tls");
  });

  it("tells the router's pod of plain HTTP and of trusted proxies, only when they are declared", async () => {
    const ssl = { cname: "score.contoso.com", certificatePem: "c", privateKeyPem: "k" };
    const none = inputsOf((await register({ ssl: pulumi.output(ssl) })).registered, ROUTER);
    assert.deepEqual([none["insecureTraffic"], none["trustedProxies"]], [undefined, undefined]);
    const { registered } = await register({
      ssl: pulumi.output({ ...ssl, insecureTraffic: InsecureTraffic.Allow }),
      trustedProxies: [pulumi.output("10.0.0.0/8"), "192.0.2.0/24"],
    });
    const given = inputsOf(registered, ROUTER);
    assert.equal(given["insecureTraffic"], "Allow");
    assert.deepEqual(given["trustedProxies"], ["10.0.0.0/8", "192.0.2.0/24"]);
  });

  it("declares which nodes take connections only when it is told", async () => {
    const policyOf = async (args: Partial<AmlInferenceRouterArgs>) =>
      inputsOf((await register(args)).registered, SERVICE, "fe-router")["spec"]?.[
        "externalTrafficPolicy"
      ];
    assert.equal(await policyOf({}), undefined);
    assert.equal(await policyOf({ externalTrafficPolicy: "Local" }), "Local");
    assert.equal(await policyOf({ externalTrafficPolicy: pulumi.output("Local") }), "Local");
  });

  it("asks Azure for an internal load balancer, in v1's subnet unless another is named", async () => {
    const annotations = async (args: Partial<AmlInferenceRouterArgs>) =>
      askedOfAzure((await register(args)).registered);
    // Empty: Azure would keep a label that isn't mentioned.
    assert.deepEqual(await annotations({}), {
      "service.beta.kubernetes.io/azure-dns-label-name": "",
    });
    assert.deepEqual(await annotations({ loadBalancerType: "InternalLoadBalancer" }), {
      "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
      "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": "aks-subnet",
    });
    const own = { loadBalancerType: "InternalLoadBalancer", loadBalancerSubnet: "apps" } as const;
    assert.deepEqual(await annotations(own), {
      "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
      "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": "apps",
    });
  });

  it("asks Azure for a static address, whose own label stays unless another is asked for", async () => {
    const publicIp = { name: "score", resourceGroupName: "addresses" };
    const address = {
      "service.beta.kubernetes.io/azure-pip-name": "score",
      "service.beta.kubernetes.io/azure-load-balancer-resource-group": "addresses",
    };
    const annotations = async (args: Partial<AmlInferenceRouterArgs>) =>
      askedOfAzure((await register(args)).registered);
    assert.deepEqual(await annotations({ publicIp }), address);
    assert.deepEqual(
      await annotations({ publicIp: pulumi.output(publicIp), leafDomainLabel: "churn" }),
      {
        "service.beta.kubernetes.io/azure-dns-label-name": "churn",
        ...address,
      },
    );
  });

  it("asks Azure for a public name, and is called by it where the region is known", async () => {
    const aks = KUBECONFIG.replace("203.0.113.1:6443", "prod-1.hcp.westeurope.azmk8s.io:443");
    const called = async (args: Partial<AmlInferenceRouterArgs>) => {
      const { registered, outputs } = await register({ leafDomainLabel: "churn", ...args });
      assert.deepEqual(askedOfAzure(registered), {
        "service.beta.kubernetes.io/azure-dns-label-name": "churn",
      });
      return outputs["scoringBaseUri"];
    };
    const name = "churn.westeurope.cloudapp.azure.com";
    assert.equal(await called({ kubeconfig: aks }), `http://${name}`);
    assert.equal(await called({}), "http://203.0.113.7");
    const pem = pulumi.output("pem");
    const ssl = { cname: name, certificatePem: pem, privateKeyPem: pem };
    assert.equal(await called({ kubeconfig: aks, ssl }), `https://${name}`);
  });

  it("takes v1's certificate, and marks the Secret that keeps it", async () => {
    const ssl = { cname: "score.contoso.com", takeOverLegacyCertificate: true };
    const { registered } = await register({ ssl });
    const { cname, namespace, secretName } = inputsOf(registered, LEGACY_CERTIFICATE);
    assert.deepEqual([cname, namespace, secretName].map(String), [
      "score.contoso.com",
      "aml-inference",
      "aml-inference-router-tls",
    ]);
    const secret = inputsOf(registered, "kubernetes:core/v1:Secret");
    assert.deepEqual(secret["metadata"]?.["annotations"], {
      "aml-inference.io/owner": OWNER,
      "aml-inference.io/certificate-taken-over-from": "default/azuremlfessl",
    });
    assert.equal(inputsOf(registered, ROUTER)["tlsSecretName"], "aml-inference-router-tls");
  });

  it("leaves v1's router alone unless it is told to remove it", async () => {
    const remove = async (args: Partial<AmlInferenceRouterArgs>): Promise<unknown> =>
      inputsOf((await register(args)).registered, LEGACY_ROUTER)["remove"];
    assert.equal(await remove({}), false);
    assert.equal(await remove({ removeLegacyRouter: true }), true);
  });

  it("grants what router and autoscaler declare that they need, no more", async () => {
    const { registered } = await register({});
    const rules = (kind: string, name: string): unknown =>
      inputsOf(registered, `kubernetes:rbac.authorization.k8s.io/v1:${kind}`, name)["rules"];
    for (const [name, environment] of [
      ["fe-router", routerEnvironment],
      ["fe-autoscaler", autoscalerEnvironment],
    ] as const) {
      assert.deepEqual(rules("Role", name), environment.NAMESPACE_RULES);
      assert.deepEqual(rules("ClusterRole", `${name}-cluster`), environment.CLUSTER_RULES);
      assert.deepEqual(rules("ClusterRole", `${name}-endpoints`), environment.ENDPOINT_RULES);
    }
  });

  it("keeps apart the cluster roles of routers in different namespaces", async () => {
    const { registered } = await register({ namespace: "serving" });
    const role = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole";
    assert.equal(
      inputsOf(registered, role, "fe-router-cluster")["metadata"]?.["name"],
      "aml-inference-router-cluster.serving",
    );
  });

  it("asks for little in DevTest, and for what the user says", async () => {
    const requests = async (args: Partial<AmlInferenceRouterArgs>): Promise<unknown> =>
      inputsOf((await register(args)).registered, ROUTER)["haproxyResources"]?.["requests"];
    assert.deepEqual(await requests({}), { cpu: "500m", memory: "500Mi" });
    assert.deepEqual(await requests({ clusterPurpose: "DevTest" }), { cpu: "50m", memory: "64Mi" });
    const resources = { haproxy: { requests: { cpu: "3" } } };
    assert.deepEqual(await requests({ resources }), { cpu: "3", memory: "500Mi" });
  });

  it("takes images from another registry", async () => {
    const images = { haproxy: "r.example/haproxy:3.4", node: "r.example/node:24" };
    const { registered } = await register({ images });
    assert.equal(inputsOf(registered, ROUTER)["haproxyImage"], images.haproxy);
    assert.equal(inputsOf(registered, ROUTER)["agentImage"], images.node);
    assert.equal(inputsOf(registered, AUTOSCALER)["image"], images.node);
  });

  it("shares its provider with the endpoints that name it", async () => {
    const { registered } = await runProgram(() => {
      const router = new AmlInferenceRouter("fe", { kubeconfig: KUBECONFIG });
      const versions = { blue: { image: "registry.example/churn:1" } };
      return { uri: new AmlModelEndpoint("churn", { router, versions }).scoringUri };
    });
    assert.equal(registered.filter(({ type }) => type === PROVIDER).length, 1);
    const deployment = registered.find(({ type }) => type === "kubernetes:apps/v1:Deployment");
    assert.match(deployment?.provider ?? "", /pulumi:providers:kubernetes::fe::/);
  });

  it("shows the engine no kubeconfig, so that its renewal is no change", async () => {
    const { registered } = await register({});
    assert.deepEqual(inputsOf(registered, "aml-inference:index:AmlInferenceRouter"), {});
  });

  it("throws every problem in one error, before anything is registered", async () => {
    let thrown: unknown;
    const { registered } = await runProgram(() => {
      try {
        const ssl = { cname: "a.b", certificatePem: "x", privateKeyPem: "y" };
        new AmlInferenceRouter("fe", { kubeconfig: "", loadBalancerSubnet: "apps", ssl });
      } catch (error) {
        thrown = error;
      }
      return {};
    });
    assert.ok(pulumi.ResourceError.isInstance(thrown));
    assert.match(
      thrown.message,
      /have 4 problems.*\n {2}kubeconfig .*\n {2}loadBalancerSubnet .*\n/,
    );
    assert.equal(registered.length, 1);
  });
});
