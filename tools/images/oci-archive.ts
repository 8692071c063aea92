// Packs a root file system as an OCI image archive, which containerd imports.
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { runProgram } from "../cluster/io/run-program";
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
  await runProgram("umoci", ["init", "--layout", scratch]);
  await runProgram("umoci", ["new", "--image", image]);
  await runProgram("umoci", ["insert", "--image", image, root, "/"]);
  await runProgram("umoci", ["config", "--image", image, ...umociOptions(config)]);

  // umoci allows tags only; containerd takes the whole name from the annotation.
  const indexPath = `${scratch}/index.json`;
  const index = JSON.parse(readFileSync(indexPath, "utf8")) as OciIndex;
  for (const manifest of index.manifests) {
    manifest.annotations = { "org.opencontainers.image.ref.name": name };
  }
  writeFileSync(indexPath, JSON.stringify(index));
  await runProgram("umoci", ["gc", "--layout", scratch]);
  await runProgram("tar", ["-C", scratch, "-cf", `${archive}.new`, "."]);
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
