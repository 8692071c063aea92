// The cluster on a machine with a Docker engine: kind, with Services reachable on a loopback address.
import { spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { projectRoot, stateDirectory, processStart } from "../checkout";
import { type Report, captureOutput, type CaptureOptions } from "../programs";

const clusterName = "aml-inference";

/**
 * Docker publishes the node's ports 80 and 443 here. Only Linux has all of 127/8 without further set-up.
 * So one `LoadBalancer` Service per port answers, which the router needs and no more.
 */
const kindAddress = process.platform === "linux" ? "127.0.10.1" : "127.0.0.1";

const folder = () => join(stateDirectory(), "kind");
/** The kubeconfig of the kind cluster, mode 0600. */
export const kindKubeconfig = (): string => join(folder(), "kubeconfig");
const balancerFile = () => join(folder(), "load-balancer.json");

/** kind's own configuration as JSON. */
function renderKindConfig(address: string): string {
  const publish = (port: number) => ({
    containerPort: port,
    hostPort: port,
    listenAddress: address,
    protocol: "TCP",
  });
  return JSON.stringify({
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    nodes: [{ role: "control-plane", extraPortMappings: [publish(80), publish(443)] }],
  });
}

/** Makes the cluster unless it exists, and starts its load balancer unless it runs. */
export async function kindUp(report: Report): Promise<void> {
  mkdirSync(folder(), { recursive: true, mode: 0o700 });
  if (await kindExists()) {
    report(`The kind cluster ${clusterName} exists already.`);
  } else {
    report(`Creating the kind cluster ${clusterName} …`);
    await kind(["create", "cluster", "--name", clusterName, "--config", "-"], {
      input: renderKindConfig(kindAddress),
    });
  }
  const kubeconfig = await kind(["get", "kubeconfig", "--name", clusterName]);
  writeFileSync(kindKubeconfig(), kubeconfig, { mode: 0o600 });
  if (!balancerRuns()) await startBalancer();
}

/** Removes the cluster and its load balancer; nothing to do when there is none. */
export async function kindDown(report: Report): Promise<void> {
  const balancer = readBalancer();
  if (balancer !== undefined && balancerRuns()) process.kill(balancer.pid);
  if (await kindExists()) {
    report(`Deleting the kind cluster ${clusterName} …`);
    await kind(["delete", "cluster", "--name", clusterName]);
  } else {
    report(`There is no kind cluster ${clusterName}.`);
  }
  rmSync(folder(), { recursive: true, force: true });
}

/** Whether the cluster exists and its load balancer runs. */
export async function kindRuns(): Promise<boolean> {
  return (await kindExists()) && balancerRuns();
}

/** Loads an image from an archive, or from Docker by its name. */
export async function kindLoadImage(image: string): Promise<void> {
  const what = existsSync(image) ? "image-archive" : "docker-image";
  await kind(["load", what, image, "--name", clusterName]);
}

async function kindExists(): Promise<boolean> {
  const clusters = await kind(["get", "clusters"]);
  return clusters.split("\n").includes(clusterName);
}

function kind(
  args: readonly string[],
  options: Pick<CaptureOptions, "input"> = {},
): Promise<string> {
  // The user's kubeconfig, and a KUBECONFIG of the user's shell, are not ours to change.
  const env = { ...process.env, KUBECONFIG: kindKubeconfig() };
  return captureOutput("kind", args, { ...options, env }).catch((error: unknown) => {
    const { cause } = error as Error;
    if ((cause as NodeJS.ErrnoException | undefined)?.code !== "ENOENT") throw error;
    throw new Error(
      "A Docker engine runs here, so the cluster is made by kind, which is not on PATH. " +
        "Install it (https://kind.sigs.k8s.io), or set AML_INFERENCE_KUBECONFIG.",
      { cause },
    );
  });
}

async function startBalancer(): Promise<void> {
  // What Docker publishes arrives at the node under the node's own address.
  const nodeAddress = await captureOutput("docker", [
    ...["inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"],
    `${clusterName}-control-plane`,
  ]);
  const log = openSync(join(folder(), "load-balancer.log"), "w");
  const child = spawn(
    process.execPath,
    [
      ...["-r", "ts-node/register/transpile-only", join(__dirname, "kind-load-balancer.ts")],
      ...[kindKubeconfig(), kindAddress, nodeAddress.trim()],
    ],
    { detached: true, stdio: ["ignore", log, log], cwd: projectRoot },
  );
  closeSync(log);
  child.unref();
  if (child.pid === undefined)
    throw new Error("Cannot start the load balancer of the kind cluster");
  writeFileSync(balancerFile(), JSON.stringify({ pid: child.pid, start: processStart(child.pid) }));
}

function readBalancer(): { readonly pid: number; readonly start: string } | undefined {
  if (!existsSync(balancerFile())) return undefined;
  try {
    return JSON.parse(readFileSync(balancerFile(), "utf8")) as { pid: number; start: string };
  } catch {
    return undefined; // half-written: started anew
  }
}

function balancerRuns(): boolean {
  const balancer = readBalancer();
  return balancer !== undefined && processStart(balancer.pid) === balancer.start;
}
