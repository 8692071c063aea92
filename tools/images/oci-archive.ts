// Packs a root file system as an OCI image archive, which containerd imports.
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { captureOutput } from "../programs";
import type { ImageConfig } from "./image-recipe";

interface OciIndex {
  manifests: { annotations?: Record<string, string> }[];
}

/**
 * Writes `archive` (a tar file), all or nothing.
 * @param name the image's full name; importing gives it back.
 * @param scratch a folder for the time of packing, must not exist.
 */
export async function packOciArchive(
  root: string,
  name: string,
  config: ImageConfig,
  archive: string,
  scratch: string,
): Promise<void> {
  const image = `${scratch}:image`;
  await captureOutput("umoci", ["init", "--layout", scratch]);
  await captureOutput("umoci", ["new", "--image", image]);
  await captureOutput("umoci", ["insert", "--image", image, root, "/"]);
  await captureOutput("umoci", ["config", "--image", image, ...umociOptions(config)]);

  // umoci allows tags only; containerd takes the whole name from the annotation.
  const indexPath = `${scratch}/index.json`;
  const index = JSON.parse(readFileSync(indexPath, "utf8")) as OciIndex;
  for (const manifest of index.manifests) {
    manifest.annotations = { "org.opencontainers.image.ref.name": name };
  }
  writeFileSync(indexPath, JSON.stringify(index));
  await captureOutput("umoci", ["gc", "--layout", scratch]);
  await captureOutput("tar", ["-C", scratch, "-cf", `${archive}.new`, "."]);
  renameSync(`${archive}.new`, archive);
  rmSync(scratch, { recursive: true });
}

function umociOptions(config: ImageConfig): string[] {
  const each = (option: string, values: readonly string[] = []) =>
    values.map((value) => `--config.${option}=${value}`);
  return [
    ...each("entrypoint", config.entrypoint),
    ...each("cmd", config.cmd),
    ...each("user", config.user === undefined ? [] : [config.user]),
    ...each("workingdir", config.workingDir === undefined ? [] : [config.workingDir]),
    ...each(
      "env",
      Object.entries(config.env ?? {}).map(([key, value]) => `${key}=${value}`),
    ),
    ...each(
      "exposedports",
      (config.exposedPorts ?? []).map((port) => `${port}/tcp`),
    ),
  ];
}

/** The digest of the archive's image: containerd shows the same for it once it is imported. */
export async function archiveDigest(archive: string): Promise<string | undefined> {
  const text = await captureOutput("tar", ["-xOf", archive, "./index.json"]);
  const { manifests } = JSON.parse(text) as { manifests: { digest?: string }[] };
  return manifests[0]?.digest;
}
