// Loads an image archive into the local cluster's containerd.
import { existsSync } from "node:fs";
import { runProgram } from "./io/run-program";
import type { ClusterSettings } from "./core/cluster-settings";

const ctr = ({ containerdSocket }: ClusterSettings, args: readonly string[]) =>
  runProgram("ctr", ["--address", containerdSocket, "--namespace", "k8s.io", ...args]);

/** Imports an OCI or Docker archive; pods use it under the name that the archive says. */
export async function importArchive(settings: ClusterSettings, archive: string): Promise<void> {
  if (!existsSync(archive)) throw new Error(`There is no image archive ${archive}`);
  await ctr(settings, ["images", "import", archive]);
}

/** Names of the images in the cluster. */
export async function listImages(settings: ClusterSettings): Promise<string[]> {
  return (await ctr(settings, ["images", "list", "--quiet"])).split("\n").filter(Boolean);
}
