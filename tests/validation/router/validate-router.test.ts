// One rejecting case per rule of a router's arguments, and what must pass.
import assert from "node:assert/strict";
import { sentence } from "../../../values/argument-error";
import { validateRouter, validateRouterChange } from "../../../validation/router/validate-router";
import { UNKNOWN } from "../../../values/unknown";
import { readKubeConfig } from "../../../kubernetes/io/kube-config";
import { KUBECONFIG } from "../../support/component-kubeconfig";

const world = { now: new Date("2026-06-01T00:00:00Z"), readKubeConfig };
const problems = (router: object): string[] =>
  validateRouter("fe", { kubeconfig: KUBECONFIG, ...router }, world).map(sentence);

describe("validateRouter()", () => {
  it("accepts a kubeconfig alone", () => assert.deepEqual(problems({}), []));

  it("accepts everything but a certificate at once", () => {
    const router = {
      clusterPurpose: "DevTest",
      loadBalancerType: "InternalLoadBalancer",
      loadBalancerSubnet: "apps",
      namespace: "serving",
      images: { haproxy: "registry.example/haproxy:3.4", node: "registry.example/node:24" },
      resources: { haproxy: { requests: { cpu: "1", memory: "1.5Gi" }, limits: { cpu: "2500m" } } },
      tags: { "contoso.com/team": "risk" },
    };
    assert.deepEqual(problems(router), []);
  });

  it("accepts v1's certificate, its router's removal and a public name", () => {
    const ssl = { cname: "churn.westeurope.cloudapp.azure.com", takeOverLegacyCertificate: true };
    assert.deepEqual(problems({ ssl, removeLegacyRouter: true, leafDomainLabel: "churn" }), []);
    assert.deepEqual(problems({ ssl, removeLegacyRouter: UNKNOWN, leafDomainLabel: UNKNOWN }), []);
  });

  it("accepts what is unknown", () => {
    const ssl = { cname: UNKNOWN, certificatePem: UNKNOWN, privateKeyPem: UNKNOWN };
    assert.deepEqual(problems({ kubeconfig: UNKNOWN, ssl, loadBalancerType: UNKNOWN }), []);
  });

  const cases: readonly (readonly [object, string])[] = [
    [{ kubeconfig: undefined }, "kubeconfig is required: it is missing"],
    [{ kubeconfig: "a: b" }, "kubeconfig can't be used: it names no current-context"],
    [
      { clusterPurpose: "Prod" },
      'clusterPurpose must be FastProd or DenseProd or DevTest: it is "Prod"',
    ],
    [
      { loadBalancerType: "Internal" },
      'loadBalancerType must be PublicIp or InternalLoadBalancer: it is "Internal"',
    ],
    [
      { loadBalancerSubnet: "apps" },
      'loadBalancerSubnet needs loadBalancerType InternalLoadBalancer: it is "PublicIp"',
    ],
    [
      { ssl: { cname: "score.contoso.com", certificatePem: UNKNOWN } },
      "ssl.privateKeyPem is required: it is missing",
    ],
    [
      { ssl: { cname: "not a name", certificatePem: UNKNOWN, privateKeyPem: UNKNOWN } },
      'ssl.cname must be a domain name: it is "not a name"',
    ],
    [
      { ssl: { cname: "a.b", certificatePem: UNKNOWN, privateKeyPem: "y" } },
      "ssl.privateKeyPem must be a private key in PEM without a passphrase: it can't be read",
    ],
    [
      { images: { agent: "x" } },
      "images.agent is not an argument; the arguments are haproxy, node",
    ],
    [
      { resources: { agent: { limits: { memory: "lots" } } } },
      'resources.agent.limits.memory must be a quantity such as 500m or 256Mi: it is "lots"',
    ],
    [
      { trustedProxies: ["10.0.0.0/8", "10.0.0.1"] },
      'trustedProxies[1] must be a range like 10.240.0.0/16: it is "10.0.0.1"',
    ],
    [{ trustedProxies: "10.0.0.0/8" }, 'trustedProxies must be a list: it is "10.0.0.0/8"'],
    [
      { ssl: { cname: "a.b", takeOverLegacyCertificate: true, insecureTraffic: "redirect" } },
      'ssl.insecureTraffic must be Redirect or Refuse or Allow: it is "redirect"',
    ],
    [{ tags: { team: 1 } }, "tags.team must be a text: it is a number"],
    [
      { leafDomainLabel: "x" },
      'leafDomainLabel must be 3 to 63 lower-case letters, digits and dashes, first a letter, last no dash: it is "x"',
    ],
    [
      { leafDomainLabel: "churn", loadBalancerType: "InternalLoadBalancer" },
      'leafDomainLabel needs loadBalancerType PublicIp: it is "InternalLoadBalancer"',
    ],
    [{ removeLegacyRouter: "yes" }, 'removeLegacyRouter must be true or false: it is "yes"'],
    [
      { ssl: { cname: "a.b", takeOverLegacyCertificate: true, certificatePem: "x" } },
      "ssl.takeOverLegacyCertificate takes v1's certificate, so ssl.certificatePem must be left out",
    ],
    [
      {
        ssl: {
          cname: "a.b",
          takeOverLegacyCertificate: 1,
          certificatePem: UNKNOWN,
          privateKeyPem: UNKNOWN,
        },
      },
      "ssl.takeOverLegacyCertificate must be true or false: it is 1",
    ],
    [
      { publicIp: { name: "ip" }, loadBalancerType: "InternalLoadBalancer" },
      'publicIp needs loadBalancerType PublicIp: it is "InternalLoadBalancer"',
    ],
    [
      { externalTrafficPolicy: "local" },
      'externalTrafficPolicy must be Cluster or Local: it is "local"',
    ],
    [
      { publicIp: { name: "-ip" } },
      'publicIp.name must be the name of a public IP address of Azure: it is "-ip"',
    ],
    [
      { tokenAuthEnabled: true },
      "tokenAuthEnabled is not an argument; the arguments are kubeconfig, clusterPurpose, loadBalancerType, loadBalancerSubnet, leafDomainLabel, publicIp, externalTrafficPolicy, ssl, trustedProxies, allowedNamespaces, maxEndpointsPerNamespace, maxVersionsPerNamespace, removeLegacyRouter, namespace, images, resources, tags, handOverTo",
    ],
  ];
  for (const [router, expected] of cases) {
    it(`refuses ${JSON.stringify(router)}`, () => assert.deepEqual(problems(router), [expected]));
  }

  it("waits with what an Output decides, which may turn out to be undefined", () => {
    const ssl = { cname: "a.b", takeOverLegacyCertificate: true, certificatePem: UNKNOWN };
    assert.deepEqual(problems({ ssl, loadBalancerSubnet: UNKNOWN }), []);
    assert.deepEqual(problems({ ssl: { cname: "a.b", takeOverLegacyCertificate: UNKNOWN } }), []);
    const internal = { loadBalancerType: "InternalLoadBalancer", leafDomainLabel: UNKNOWN };
    assert.deepEqual(problems(internal), []);
  });

  it("finds every problem at once, and shows no secret", () => {
    const found = problems({ kubeconfig: 7, clusterPurpose: "x", ssl: { privateKeyPem: 7 } });
    assert.deepEqual(found, [
      "kubeconfig must be a text that is not empty: it is something else",
      'clusterPurpose must be FastProd or DenseProd or DevTest: it is "x"',
      "ssl.cname must be a domain name: it is missing",
      "ssl.certificatePem is required: it is missing",
      "ssl.privateKeyPem must be a text that is not empty: it is something else",
    ]);
  });
});

describe("validateRouterChange()", () => {
  it("refuses another namespace, the default one included", () => {
    assert.deepEqual(validateRouterChange({}, { namespace: "aml-inference" }), []);
    assert.match(
      validateRouterChange({}, { namespace: "b" }).map(sentence).join(),
      /^namespace can't change, .*it was "aml-inference" and is "b"/,
    );
  });
});
