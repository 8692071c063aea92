// Every policy on both sides of its line.
import { type DeclaredResource } from "../../policy/core/declared";
import { type PolicyName } from "../../policy/core/rules";
import {
  agentPool,
  autoscalerPods,
  cluster,
  deployment,
  endpoint,
  type JudgeOptions,
  managedCluster,
  resource,
  route,
  router,
  routerPods,
} from "./declared-resources";

const DIGEST = `sha256:${"0".repeat(64)}`;
export const tls = { cname: "models.contoso.com", certificatePem: "", privateKeyPem: "" };
const version = (args: object) => endpoint({ versions: { blue: args } });
const container = (args: object) => deployment({ name: "model", ...args });
const image = (name: string) => container({ image: name });
const env = (name: string, value: unknown) => container({ env: [{ name, value }] });
const requests = { cpu: "1", memory: "1G" };
const resources = (limits: object, requested: object = requests) =>
  container({ resources: { requests: requested, limits } });
const on = (clusterPurpose: string, args: object) =>
  endpoint({ router: { clusterPurpose }, ...args });
const scaler = (type: string, target: object) =>
  resource(type, {
    metadata: { namespace: "aml-inference-endpoints" },
    spec: { scaleTargetRef: target },
  });
const HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const KEDA = "kubernetes:keda.sh/v1alpha1:ScaledObject";

/** An endpoint with its router in the same stack. */
function together(routerArgs: object, endpointArgs: object): readonly DeclaredResource[] {
  const [fe, churn] = [router(routerArgs), endpoint({ versions: {}, ...endpointArgs })];
  const pods = routerPods({}, fe);
  return [fe, churn, pods, route({}, churn, pods)];
}

const twice = (names: readonly string[]) =>
  names.map((name, at) => ({ ...endpoint({ versions: {} }, name), urn: `urn::${at}` }));
const routed = (served: readonly string[]) => {
  const churn = endpoint({ versions: { blue: {}, green: {} } });
  return [churn, route({ spec: { versions: served.map((name) => ({ name })) } }, churn)];
};
const former = (trafficPercentile: number) => ({
  "former.json": {
    deployment: {
      resources: [
        { urn: "urn:pulumi:test::project::other::churn" },
        {
          urn: endpoint().urn,
          inputs: { versions: { blue: { isDefault: true }, green: { trafficPercentile } } },
        },
      ],
    },
  },
});
const canary = (trafficPercentile: number) =>
  endpoint({ versions: { blue: { isDefault: true }, green: { trafficPercentile } } });
const pool = (count: number) => agentPool({ vmSize: "Standard_D4s_v5", count });
const scaled = (maxReplicas: number, args: object = {}) =>
  version({ autoscale: { maxReplicas }, cpuCores: 1, memoryGb: 1, ...args });

export interface Case extends JudgeOptions {
  readonly policy: PolicyName;
  readonly passes: readonly DeclaredResource[];
  readonly fails: readonly DeclaredResource[];
  readonly sentence: RegExp;
}

/** What passes, what doesn't, and the one sentence about it. */
export const CASES: readonly Case[] = [
  {
    policy: "cluster-purpose",
    settings: { purposes: ["FastProd", "DenseProd"] },
    passes: [cluster(), router({ clusterPurpose: "DenseProd" })],
    fails: [router({ clusterPurpose: "DevTest" })],
    sentence: /^clusterPurpose must be FastProd or DenseProd: it is "DevTest"$/,
  },
  {
    policy: "cluster-floor",
    passes: [cluster({ agentCount: 3 }), cluster({ existingClusterId: "/x", agentCount: 1 })],
    fails: [cluster({ nodeAutoscaling: { minCount: 2, maxCount: 9 } })],
    sentence:
      /^nodeAutoscaling.minCount must be at least 3: FastProd needs 12 vCPUs on 3 nodes, and 2 × Standard_D4s_v5 has 8$/,
  },
  {
    policy: "cluster-floor",
    settings: { floors: { DevTest: { vCpus: 8, nodes: 1 } } },
    passes: [cluster({ clusterPurpose: "DevTest", agentVmSize: "Standard_X", agentVCpus: 3 })],
    fails: [cluster({ clusterPurpose: "DevTest", agentVmSize: "Standard_X" })],
    sentence:
      /^agentVmSize must be a size whose vCPUs are known: it is "Standard_X"; give agentVCpus$/,
  },
  {
    policy: "api-server-access",
    passes: [
      cluster({ privateCluster: true }),
      cluster({ authorizedIpRanges: ["203.0.0.0/16", "198.51.100.7"] }),
      cluster({ clusterPurpose: "DevTest" }),
    ],
    fails: [cluster()],
    sentence: /^authorizedIpRanges must name who may reach the API server/,
  },
  {
    policy: "api-server-access",
    passes: [],
    fails: [cluster({ authorizedIpRanges: ["203.0.113.0/24", "0.0.0.0/0"] })],
    sentence:
      /^authorizedIpRanges\[1\] must be an IPv4 range of \/16 or narrower: it is "0\.0\.0\.0\/0"$/,
  },
  {
    policy: "api-server-access",
    settings: { requirePrivate: true },
    passes: [cluster({ privateCluster: true })],
    fails: [cluster({ authorizedIpRanges: ["203.0.113.0/24"] })],
    sentence: /^privateCluster must be true: it is false/,
  },
  {
    policy: "local-accounts",
    passes: [managedCluster({ disableLocalAccounts: true })],
    fails: [managedCluster({ disableLocalAccounts: false })],
    sentence:
      /^disableLocalAccounts must be true: it is false; give the AmlAksCluster the argument entra$/,
  },
  {
    policy: "allowed-regions",
    settings: { regions: ["westeurope", "North Europe"] },
    passes: [managedCluster({ location: "West Europe" }), agentPool()],
    fails: [managedCluster({ location: "eastus" })],
    sentence: /^location must be westeurope or North Europe: it is "eastus"$/,
  },
  {
    policy: "allowed-vm-sizes",
    settings: { vmSizes: ["Standard_D*s_v5"] },
    passes: [
      agentPool({ vmSize: "standard_d4s_v5" }),
      managedCluster({ agentPoolProfiles: [{ vmSize: "Standard_D2s_v5" }] }),
    ],
    fails: [managedCluster({ agentPoolProfiles: [{ vmSize: "Standard_D2s_v5x" }] })],
    sentence: /^agentPoolProfiles\[0\]\.vmSize must be Standard_D\*s_v5: it is "Standard_D2s_v5x"$/,
  },
  {
    policy: "deletion-protection",
    passes: [managedCluster({}, true)],
    fails: [managedCluster({}, false)],
    sentence: /^protectCluster must be true/,
  },
  {
    policy: "required-tags",
    settings: { tags: { owner: "" }, pattern: "^[a-z]+$" },
    passes: [managedCluster({ tags: { owner: "churn" } })],
    fails: [managedCluster({ tags: { owner: "Churn" } })],
    sentence: /^tags\.owner must match \^\[a-z\]\+\$: it is "Churn"$/,
  },
  {
    policy: "required-tags",
    settings: { tags: { constructor: "" } },
    passes: [managedCluster({ tags: { constructor: "x" } })],
    fails: [agentPool()],
    sentence: /^tags\.constructor is required: it is missing$/,
  },
  {
    policy: "public-tls",
    passes: [router({ ssl: tls }), router({ loadBalancerType: "InternalLoadBalancer" })],
    fails: [router()],
    sentence: /^ssl is required: without it, a public address serves plain HTTP/,
  },
  {
    policy: "public-tls",
    settings: { internalToo: true },
    passes: [router({ ssl: { ...tls, insecureTraffic: "Refuse" } })],
    fails: [
      router({
        ssl: { ...tls, insecureTraffic: "Allow" },
        loadBalancerType: "InternalLoadBalancer",
      }),
    ],
    sentence: /^ssl\.insecureTraffic must be "Redirect" or "Refuse": it is "Allow"/,
  },
  {
    policy: "endpoint-authentication",
    passes: [endpoint(), on("DevTest", { authEnabled: false })],
    fails: [on("DenseProd", { authEnabled: false })],
    sentence: /^authEnabled must be true on a DenseProd cluster: it is false/,
  },
  {
    policy: "public-endpoint-keys",
    passes: together({ loadBalancerType: "InternalLoadBalancer" }, { authEnabled: false }),
    fails: together({}, { authEnabled: false }),
    sentence: /^churn: authEnabled must be true behind a public address.*of fe is "PublicIp"$/,
  },
  {
    policy: "allowed-registries",
    settings: { registries: ["contoso.azurecr.io/models", "mcr.microsoft.com"] },
    passes: [
      image("contoso.azurecr.io/models/churn:4"),
      routerPods({ haproxyImage: "mcr.microsoft.com/haproxy:3.4" }),
    ],
    fails: [image("contoso.azurecr.io/models-of-others/churn:4")],
    sentence:
      /^versions\.blue\.image must come from contoso\.azurecr\.io\/models or mcr\.microsoft\.com: it is "contoso/,
  },
  {
    policy: "allowed-registries",
    settings: { registries: ["mcr.microsoft.com"] },
    passes: [],
    fails: [autoscalerPods({ image: "node:24" })],
    sentence: /^images\.node must come from mcr\.microsoft\.com: it is "node:24", of docker\.io$/,
  },
  {
    policy: "immutable-images",
    passes: [image("localhost:5000/churn:4"), image(`churn:latest@${DIGEST}`)],
    fails: [image("localhost:5000/churn")],
    sentence: /^versions\.blue\.image must have a digest, or a tag other than latest/,
  },
  {
    policy: "immutable-images",
    settings: { requireDigest: true },
    passes: [image(`churn@${DIGEST}`)],
    fails: [image("churn:4")],
    sentence: /^versions\.blue\.image must have a digest \(@sha256:…\): it is "churn:4"$/,
  },
  {
    policy: "image-findings",
    settings: { findingsFile: "scan.json", blockFrom: "high", mostAllowed: 1 },
    files: { "scan.json": { [DIGEST]: { high: 1, low: 7 }, "churn:5": { critical: 1, high: 1 } } },
    passes: [image(`churn@${DIGEST}`), image("churn:6")],
    fails: [image("churn:5")],
    sentence:
      /^versions\.blue\.image must have at most 1 findings of severity high or critical: "churn:5" has 2$/,
  },
  {
    policy: "image-findings",
    settings: { findings: { "churn:5": {} }, requireScan: true },
    passes: [image("churn:5")],
    fails: [image("churn:6")],
    sentence: /^versions\.blue\.image must have been scanned/,
  },
  {
    policy: "resource-limits",
    settings: { maxCpuCores: 2 },
    passes: [resources({ memory: "2G", cpu: 2 })],
    fails: [resources({ memory: "2G", cpu: "2001m" })],
    sentence: /^versions\.blue\.cpuCoresLimit must be at most 2 cores: it is 2\.001$/,
  },
  {
    policy: "resource-limits",
    passes: [resources({ memory: "64G" })],
    fails: [resources({})],
    sentence: /^versions\.blue\.memoryGbLimit is required: memory has no limit$/,
  },
  {
    policy: "resource-limits",
    settings: { maxGpuCores: 1 },
    passes: [resources({ memory: "1G", "nvidia.com/gpu": "1" })],
    fails: [resources({ memory: "1G", "nvidia.com/gpu": "2" })],
    sentence: /^versions\.blue\.gpuCores must be at most 1: it is 2$/,
  },
  {
    policy: "secret-variables",
    passes: [
      container({ env: [{ name: "API_TOKEN", valueFrom: { secretKeyRef: { name: "s" } } }] }),
      env("TOKENIZER", "bert"),
      env("URL", "https://models.contoso.com/x?sig=short"),
    ],
    fails: [env("hfToken", "hf_123")],
    sentence:
      /^versions\.blue\.environmentVariables\.hfToken must be a Pulumi secret: it is plain, and its name tells a credential$/,
  },
  {
    policy: "secret-variables",
    settings: { allowed: ["MAX_TOKEN"] },
    passes: [env("MAX_TOKEN", "7")],
    fails: [env("STORE", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=b==")],
    sentence: /STORE must be a Pulumi secret: it is plain, and its value looks like one$/,
  },
  {
    policy: "replica-bounds",
    settings: { maxReplicas: 10 },
    passes: [version({}), version({ numReplicas: 10 })],
    fails: [version({ numReplicas: 11 })],
    sentence: /^versions\.blue\.numReplicas must be at most 10: it is 11$/,
  },
  {
    policy: "production-replicas",
    passes: [
      version({ autoscale: { minReplicas: 2 } }),
      on("DevTest", { versions: { blue: {} } }),
      endpoint({ versions: { blue: { isDefault: true, numReplicas: 2 }, green: {} } }),
    ],
    fails: [version({ autoscale: { maxReplicas: 3 } })],
    sentence:
      /^versions\.blue\.autoscale\.minReplicas must be at least 2 on a FastProd cluster: it is 1$/,
  },
  {
    policy: "production-replicas",
    settings: { minRouters: 2 },
    passes: [routerPods({ replicas: 2 })],
    fails: [routerPods()],
    sentence: /^replicas of the router must be at least 2: it is 1$/,
  },
  {
    policy: "traffic-step",
    settings: { formerState: "former.json", maxStep: 25 },
    files: former(10),
    passes: [canary(35), endpoint({ versions: { blue: {} } }), endpoint({ versions: {} }, "new")],
    fails: [canary(35.01)],
    sentence:
      /move at most 25 % of the requests in one update: blue 90 % → 64\.99 %, green 10 % → 35\.01 % moves 25\.01 %$/,
  },
  {
    policy: "monthly-cost",
    settings: { monthlyBudget: 503.7 },
    passes: [pool(3)],
    fails: [
      agentPool({ vmSize: "Standard_D4s_v5", count: 1, enableAutoScaling: true, maxCount: 4 }),
    ],
    sentence:
      /^the stack must cost at most 503\.7 US dollars a month at full scale: it costs 671\.6$/,
  },
  {
    policy: "monthly-cost",
    settings: { monthlyBudget: 420 },
    passes: [scaled(10)],
    fails: [scaled(11)],
    sentence: /it costs 461\.7/,
  },
  {
    policy: "monthly-cost",
    passes: [],
    fails: [agentPool({ vmSize: "Standard_M128ms", count: 1 })],
    sentence: /^hourlyPrice of Standard_M128ms isn't known here: add it to machines/,
  },
  {
    policy: "cluster-capacity",
    settings: { reservedPercent: 50 },
    passes: [pool(3), scaled(6)],
    fails: [pool(3), scaled(7)],
    sentence:
      /^replicas at full scale must fit into the pools without taints: they request 7 vCPUs, and there are 6$/,
  },
  {
    policy: "cluster-capacity",
    passes: [
      pool(1),
      agentPool({ vmSize: "Standard_NC4as_T4_v3", count: 1, nodeTaints: ["sku=gpu:NoSchedule"] }),
      scaled(1, { gpuCores: 1 }),
    ],
    fails: [pool(9), scaled(1, { gpuCores: 1 })],
    sentence:
      /^replicas at full scale must fit into all pools: they request 1 GPUs, and there are 0$/,
  },
  {
    policy: "cluster-capacity",
    passes: [pool(1), autoscalerPods({ resources: { requests: { cpu: "1800m" } } })],
    fails: [pool(1), autoscalerPods({ resources: { requests: { cpu: "1801m" } } })],
    sentence: /they request 3\.602 vCPUs, and there are 3\.6$/,
  },
  {
    policy: "unique-endpoint-names",
    passes: twice(["churn", "fraud"]),
    fails: twice(["churn", "churn"]),
    sentence: /^the name of an endpoint must be its own on a router: two are called churn$/,
  },
  {
    policy: "endpoint-routes",
    passes: routed(["blue", "green"]),
    fails: routed(["blue"]),
    sentence: /^the route of churn must name every version: green is missing$/,
  },
  {
    policy: "endpoint-routes",
    passes: [],
    fails: [endpoint({ versions: { blue: {} } })],
    sentence: /^churn must have an EndpointRoute: it has none$/,
  },
  {
    policy: "no-other-autoscaler",
    passes: [image("churn:4"), scaler(HPA, { kind: "Deployment", name: "web" })],
    fails: [image("churn:4"), scaler(HPA, { kind: "Deployment", name: "churn-blue-51850" })],
    sentence: /^HorizontalPodAutoscaler churn must not scale churn-blue-51850/,
  },
  {
    policy: "no-other-autoscaler",
    passes: [scaler(KEDA, { kind: "ModelEndpoint", apiVersion: "other.io/v1", name: "churn" })],
    fails: [scaler(KEDA, { kind: "ModelEndpoint", name: "churn" })],
    sentence: /^ScaledObject churn must not scale churn/,
  },
];
