// Loads an image archive into the local cluster's containerd.
import { existsSync } from "node:fs";
import { captureOutput } from "../programs";
import type { ClusterSettings } from "./core/cluster-settings";

const ctr = ({ containerdSocket }: ClusterSettings, args: readonly string[]) =>
  captureOutput("ctr", [
    "--connect-timeout",
    "2s",
    "--address",
    containerdSocket,
    "--namespace",
    "k8s.io",
    ...args,
  ]);

/** Imports an OCI or Docker archive; pods use it under the name that the archive says. */
export async function importArchive(settings: ClusterSettings, archive: string): Promise<void> {
  if (!existsSync(archive)) throw new Error(`There is no image archive ${archive}`);
  await ctr(settings, ["images", "import", archive]);
}

/**
 * Gives an imported image a second name by digest, as containerd looks it up: without the tag. containerd believes it, as
 * it checks digests where it pulls.
 */
export async function nameByDigest(
  settings: ClusterSettings,
  name: string,
  standsFor: string,
): Promise<void> {
  const tag = ["images", "tag", "--force"];
  await ctr(settings, [...tag, name, digestName(standsFor)]);
}

/** `docker.io/library/haproxy@sha256:…` of `haproxy:3.4.5@sha256:…`. */
export function digestName(image: string): string {
  const [tagged = "", digest = ""] = image.split("@");
  return `docker.io/library/${tagged.split(":")[0] ?? ""}@${digest}`;
}

/** The images in the cluster: name to digest. */
export async function importedDigests(settings: ClusterSettings): Promise<Map<string, string>> {
  const table = await ctr(settings, ["images", "list"]);
  return new Map(
    table.split("\n").flatMap((line): [string, string][] => {
      const [name, , digest] = line.split(/\s+/);
      return name !== undefined && digest?.startsWith("sha256:") === true ? [[name, digest]] : [];
    }),
  );
}

/** Whether containerd is there to import. */
export async function containerdAnswers(settings: ClusterSettings): Promise<boolean> {
  if (!existsSync(settings.containerdSocket)) return false;
  await ctr(settings, ["version"]);
  return true;
}
