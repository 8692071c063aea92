// What a cluster could leave on a machine of its own, seen from inside.
import { findCluster, type MachineSnapshot, machineSnapshot } from "../../tools/cluster";

/** The group of a cluster of this project, at the root of a hierarchy, or one below it. */
const GROUP = /\/(aml-inference(?:-[0-9a-f]{8})?)(?:\/|$)/;

/** The snapshot of this machine, without other machines' clusters. */
export async function ownMachineSnapshot(): Promise<MachineSnapshot> {
  const cluster = await findCluster({ ...process.env, AML_INFERENCE_KUBECONFIG: "" });
  if (cluster.kind !== "local") throw new Error(`A machine of its own has no ${cluster.kind}`);
  const { cgroup, stateDir } = cluster.settings;
  const all = await machineSnapshot(stateDir);
  // All machines share one tree of cgroups: other clusters may be at work in theirs.
  const isOwn = (line: string) => [undefined, cgroup].includes(GROUP.exec(line)?.[1]);
  return { ...all, cgroups: all.cgroups.filter(isOwn) };
}
