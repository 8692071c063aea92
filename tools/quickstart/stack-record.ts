// Finds the stack that describes the quickstart on a cluster, without the CLI, and records which cluster it is for.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { load } from "js-yaml";
import { stateDirectory } from "../checkout";
import { findCluster, kubeconfigOf } from "../cluster";
import { backendFolder, stackFileState, type StackFileState, type StackName } from "../setup";
import { chooseStack } from "./core/choose-stack";

/** The top-level project's name. */
export const PROJECT = "aml-inference";

/** A cluster's stack, and how it is now. */
export interface LocatedStack {
  readonly name: StackName;
  /** The cluster that it is for. */
  readonly cluster: string;
  /** Whether the cluster is somebody else's. */
  readonly isGiven: boolean;
  /** Whether the stack, if there is one, describes a cluster that is gone. */
  readonly isStale: boolean;
  readonly state: StackFileState;
}

/** The folder of the quickstart's stacks; a user's own PULUMI_BACKEND_URL does not move it. */
export const quickstartBackend = (): string => backendFolder(stateDirectory());

/**
 * The stack of the kubeconfig's cluster. Our own cluster may be gone, or half there: then its stack is stale.
 * @throws Error when the kubeconfig of a given cluster is missing or is none
 */
export async function locateStack(kubeconfig: string): Promise<LocatedStack> {
  const own = kubeconfigOf(await findCluster({ ...process.env, AML_INFERENCE_KUBECONFIG: "" }));
  const ownCluster = identityIfThere(own) ?? "";
  const cluster = resolve(own) === resolve(kubeconfig) ? ownCluster : clusterIdentity(kubeconfig);
  // A kubeconfig of our own cluster, wherever it lies, is no other cluster.
  const isGiven = cluster !== ownCluster;
  const { stack, isStale } = chooseStack({ isGiven, cluster, recorded: readRecord() });
  const name = { project: PROJECT, stack };
  return { name, cluster, isGiven, isStale, state: stackFileState(quickstartBackend(), name) };
}

/** Records that the stack of our own cluster is for this one. */
export function writeRecord(cluster: string): void {
  const path = recordFile();
  writeFileSync(`${path}.new`, cluster);
  renameSync(`${path}.new`, path);
}

/** Called when the stack of our own cluster is gone. */
export function removeRecord(): void {
  rmSync(recordFile(), { force: true });
}

const recordFile = (): string => join(stateDirectory(), "quickstart-cluster");

function readRecord(): string | undefined {
  const path = recordFile();
  const text = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
  return /^[0-9a-f]{64}$/.test(text) ? text : undefined;
}

function identityIfThere(kubeconfig: string): string | undefined {
  try {
    return clusterIdentity(kubeconfig);
  } catch {
    return undefined; // being made, or gone
  }
}

interface KubeConfigText {
  readonly "current-context"?: string;
  readonly contexts?: readonly { readonly name: string; readonly context?: { cluster?: string } }[];
  readonly clusters?: readonly {
    readonly name: string;
    readonly cluster?: Readonly<Record<string, string | undefined>>;
  }[];
}

/** Digest of the certificate authority of the current context's cluster; of its address where a public one signed. */
function clusterIdentity(kubeconfig: string): string {
  if (!existsSync(kubeconfig)) {
    throw new Error(`There must be a kubeconfig at ${kubeconfig}: there is no such file`);
  }
  const config = load(readFileSync(kubeconfig, "utf8")) as KubeConfigText | null | undefined;
  const context = config?.contexts?.find(({ name }) => name === config["current-context"]);
  const entry = config?.clusters?.find(({ name }) => name === context?.context?.cluster);
  const file = entry?.cluster?.["certificate-authority"];
  const authority =
    entry?.cluster?.["certificate-authority-data"] ??
    (file === undefined
      ? entry?.cluster?.["server"]
      : readFileSync(resolve(dirname(kubeconfig), file)).toString("base64"));
  if (authority === undefined) {
    throw new Error(
      `The kubeconfig ${kubeconfig} must have a current context with a cluster: it has none`,
    );
  }
  return createHash("sha256").update(authority).digest("hex");
}
