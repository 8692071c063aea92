// Policies on a whole stack: what its resources are together.
import { API_VERSION, KIND } from "../../../contracts/model-endpoint/model-endpoint";
import {
  AUTOSCALER_PODS,
  type DeclaredResource,
  type DeclaredStack,
  ENDPOINT,
  isModelDeployment,
  isType,
  replicasOf,
  ROUTE,
  ROUTER_PODS,
  routerOf,
  versionsOf,
} from "../declared";
import { HOURS_PER_MONTH, type Machine, machineOf, type MachineSettings } from "../machines";
import { amount, mapping, stackRule } from "../rule";
import { rounded } from "../sentences";
import { VERSION_ARGUMENTS } from "../../../validation/endpoint/version-arguments";
import { poolsOf } from "./cluster-rules";
import { quantity } from "./workload-rules";

const machines = mapping<MachineSettings>(
  'VM sizes beyond the list, or instead of it: `{ "Standard_X": { "vCpus": 4, "memoryGb": 16, "gpus": 0, "hourlyPrice": 0.2 } }`.',
  {},
);

/** A node pool at its full scale. */
interface Pool {
  readonly nodes: number;
  readonly vmSize: string;
  readonly machine: Machine | undefined;
  /** Whether pods need a toleration to run there. */
  readonly isTainted: boolean;
}

/** @throws Unread */
function poolsIn({ resources }: DeclaredStack, settings: MachineSettings): readonly Pool[] {
  return resources.flatMap(poolsOf).map((pool) => {
    const vmSize = pool.at("vmSize").text ?? "";
    const scales = pool.at("enableAutoScaling").boolean === true;
    const taints = pool.at("nodeTaints").items.map((taint) => taint.text ?? "");
    return {
      nodes: (scales ? pool.at("maxCount").number : pool.at("count").number) ?? 1,
      vmSize,
      machine: machineOf(vmSize, settings),
      isTainted: taints.some((taint) => /:No(Schedule|Execute)$/.test(taint)),
    };
  });
}

const unlisted = (pools: readonly Pool[], property: keyof Machine): string | undefined => {
  const pool = pools.find(({ machine }) => machine?.[property] === undefined);
  return pool === undefined
    ? undefined
    : `${property} of ${pool.vmSize} isn't known here: add it to machines of this policy's configuration`;
};

interface Demand {
  readonly vCpus: number;
  readonly memoryGb: number;
  readonly gpus: number;
  /** Whether it may run on tainted pools. */
  readonly tolerates: boolean;
}

/** All versions of all endpoints, at their full scale. @throws Unread */
function* demands({ resources }: DeclaredStack): Iterable<Demand> {
  for (const endpoint of resources.filter(isType(ENDPOINT))) {
    for (const [, version] of versionsOf(endpoint)) {
      const { most } = replicasOf(version);
      const gpus = version.at("gpuCores").number ?? 0;
      yield {
        vCpus: most * (version.at("cpuCores").number ?? VERSION_ARGUMENTS.cpuCores.default),
        // Azure ML's gigabytes are 10⁹ bytes, machines have 2³⁰.
        memoryGb:
          (most * (version.at("memoryGb").number ?? VERSION_ARGUMENTS.memoryGb.default) * 1e9) /
          2 ** 30,
        gpus: most * gpus,
        tolerates:
          gpus > 0 ||
          version.at("tolerations").items.length > 0 ||
          version.at("nodeSelector").entries.length > 0,
      };
    }
  }
  for (const { type, inputs } of resources.filter(isType(ROUTER_PODS, AUTOSCALER_PODS))) {
    const containers =
      type === ROUTER_PODS ? ["haproxyResources", "agentResources"] : ["resources"];
    const pods = inputs.at("replicas").number ?? (type === ROUTER_PODS ? 1 : 2);
    for (const name of containers) {
      const requests = inputs.at(name, "requests");
      yield {
        vCpus: pods * (quantity(requests.at("cpu")) ?? 0),
        memoryGb: (pods * (quantity(requests.at("memory")) ?? 0)) / 2 ** 30,
        gpus: 0,
        tolerates: false,
      };
    }
  }
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

export const clusterCapacity = stackRule<{ reservedPercent: number; machines: MachineSettings }>({
  title: "Replicas fit into the cluster",
  description:
    "All versions at full scale, with the router's and the autoscaler's pods, fit into the vCPUs, the memory and the GPUs of the clusters that the same stack declares, at their full scale. Versions without tolerations count against pools without taints.",
  subject: "the stack's AmlModelEndpoints and AmlAksClusters",
  severity: "high",
  remediation:
    "Lower maxReplicas, cpuCores or memoryGb, or raise the pools' largest number of nodes.",
  settings: {
    reservedPercent: amount("Percent of each machine that AKS and its pods keep.", 10, {
      minimum: 0,
      maximum: 100,
    }),
    machines,
  },
  *judge(stack, { reservedPercent, machines: settings }) {
    const pools = poolsIn(stack, settings);
    if (pools.length === 0) return;
    const asked = [...demands(stack)];
    const someTolerate = asked.some(({ tolerates }) => tolerates);
    for (const [name, unit] of [
      ["vCpus", "vCPUs"],
      ["memoryGb", "GiB of memory"],
      ["gpus", "GPUs"],
    ] as const) {
      for (const mayTolerate of name === "gpus" ? [true] : someTolerate ? [false, true] : [false]) {
        yield () => {
          const needed = sum(
            asked.filter(({ tolerates }) => mayTolerate || !tolerates).map((each) => each[name]),
          );
          if (needed === 0) return undefined;
          const open = pools.filter(({ isTainted }) => mayTolerate || !isTainted);
          const missing = unlisted(open, name);
          if (missing !== undefined) return missing;
          const share = name === "gpus" ? 1 : 1 - reservedPercent / 100;
          const there = sum(
            open.map(({ nodes, machine }) => nodes * (machine?.[name] ?? 0) * share),
          );
          if (needed <= there + 1e-9) return undefined;
          const where = mayTolerate ? "all pools" : "the pools without taints";
          return `replicas at full scale must fit into ${where}: they request ${rounded(needed)} ${unit}, and there are ${rounded(there)}`;
        };
      }
    }
  },
});

export const monthlyCost = stackRule<{
  monthlyBudget: number;
  machines: MachineSettings;
  vCpuHourPrice: number;
  gpuHourPrice: number;
}>({
  title: "Monthly cost at full scale",
  description:
    "What a month at full scale costs is within the budget: the machines of the clusters that the stack declares, every pool at its largest number of nodes; or, in a stack without a cluster, what its endpoints' replicas request. Spot machines count at the list price; disks, addresses and traffic don't count.",
  subject: "the stack's AmlAksClusters, or its AmlModelEndpoints",
  severity: "medium",
  remediation: "Lower maxReplicas, or the pools' largest number of nodes, or raise the budget.",
  settings: {
    monthlyBudget: amount("US dollars a month.", 10_000),
    machines,
    vCpuHourPrice: amount("US dollars an hour for a requested vCPU.", 0.0575),
    gpuHourPrice: amount("US dollars an hour for a requested GPU, beside its vCPUs.", 0.43),
  },
  *judge(stack, { monthlyBudget, machines: settings, vCpuHourPrice, gpuHourPrice }) {
    yield () => {
      const pools = poolsIn(stack, settings);
      const missing = unlisted(
        pools.filter(({ nodes }) => nodes > 0),
        "hourlyPrice",
      );
      if (missing !== undefined) return missing;
      const hourly =
        pools.length > 0
          ? sum(pools.map(({ nodes, machine }) => nodes * (machine?.hourlyPrice ?? 0)))
          : sum(
              [...demands(stack)].map(
                ({ vCpus, gpus }) => vCpus * vCpuHourPrice + gpus * gpuHourPrice,
              ),
            );
      const monthly = Math.round(hourly * HOURS_PER_MONTH * 100) / 100;
      if (monthly <= monthlyBudget) return undefined;
      return `the stack must cost at most ${rounded(monthlyBudget)} US dollars a month at full scale: it costs ${rounded(monthly)}`;
    };
  },
});

export const uniqueEndpointNames = stackRule<object>({
  title: "One endpoint of a name",
  description: "No two endpoints of one name are on one router: they would have one address.",
  subject: "AmlModelEndpoint",
  severity: "high",
  remediation: "Give one of the endpoints another name.",
  settings: {},
  *judge(stack) {
    const seen = new Map<string, DeclaredResource>();
    for (const endpoint of stack.resources.filter(isType(ENDPOINT))) {
      yield () => {
        const router = endpoint.inputs.at("router");
        const place =
          routerOf(endpoint, stack)?.urn ??
          `${router.at("namespace").text} ${router.at("scoringBaseUri").text}`;
        const other = seen.get(`${place} ${endpoint.name}`);
        seen.set(`${place} ${endpoint.name}`, endpoint);
        if (other === undefined) return undefined;
        return `the name of an endpoint must be its own on a router: two are called ${endpoint.name}`;
      };
    }
  },
});

export const endpointRoutes = stackRule<object>({
  title: "Every endpoint has a route",
  description:
    "Every endpoint has its EndpointRoute, which routes to every version that it declares.",
  subject: "AmlModelEndpoint with its EndpointRoute",
  severity: "high",
  remediation: "Remove the transform or option that takes the route away from the endpoint.",
  settings: {},
  *judge({ resources }) {
    for (const endpoint of resources.filter(isType(ENDPOINT))) {
      const route = resources.find(({ type, parent }) => type === ROUTE && parent === endpoint.urn);
      yield () => {
        if (route === undefined) return `${endpoint.name} must have an EndpointRoute: it has none`;
        const served = route.inputs
          .at("spec", "versions")
          .items.map((each) => each.at("name").text);
        const lost = versionsOf(endpoint).find(([name]) => !served.includes(name));
        if (lost === undefined) return undefined;
        return `the route of ${endpoint.name} must name every version: ${lost[0]} is missing`;
      };
    }
  },
});

const AUTOSCALER = /^kubernetes:autoscaling\/\w+:HorizontalPodAutoscaler$/;
const SCALED_OBJECT = /^kubernetes:keda\.sh\/\w+:ScaledObject$/;

export const noOtherAutoscaler = stackRule<object>({
  title: "One autoscaler",
  description:
    "No HorizontalPodAutoscaler and no ScaledObject of KEDA scales what our own autoscaler scales: the two would undo each other.",
  subject: "HorizontalPodAutoscaler, ScaledObject",
  severity: "high",
  remediation: "Remove it, and set autoscale of the version.",
  settings: {},
  *judge({ resources }) {
    const isScaler = ({ type }: DeclaredResource) =>
      AUTOSCALER.test(type) || SCALED_OBJECT.test(type);
    for (const { name, type, inputs } of resources.filter(isScaler)) {
      yield () => {
        const target = inputs.at("spec", "scaleTargetRef");
        const found = target.at("name").text;
        if (found === undefined) return undefined;
        const isEndpoint =
          target.at("kind").text === KIND &&
          (target.at("apiVersion").text ?? API_VERSION) === API_VERSION;
        const namespace = inputs.at("metadata", "namespace").text;
        const isOurs =
          isEndpoint || resources.some((each) => isDeploymentNamed(each, found, namespace));
        if (!isOurs) return undefined;
        const kind = type.split(":").at(-1);
        return `${kind} ${name} must not scale ${found}: it is a version of an endpoint, whose replicas the router's autoscaler decides`;
      };
    }
  },
});

function isDeploymentNamed(
  resource: DeclaredResource,
  name: string,
  namespace: string | undefined,
): boolean {
  if (isType(ROUTER_PODS, AUTOSCALER_PODS)(resource)) {
    return resource.inputs.at("name").text === name;
  }
  if (!isModelDeployment(resource)) return false;
  const metadata = resource.inputs.at("metadata");
  // A namespace that one of the two leaves open may be the other's.
  const own = metadata.at("namespace").text;
  const isThere = own === undefined || namespace === undefined || own === namespace;
  return metadata.at("name").text === name && isThere;
}
