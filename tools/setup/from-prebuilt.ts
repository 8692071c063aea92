// Takes a tool from the folder of prebuilt ones: its digest is verified, then it is unpacked.
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { digestOf, sha256 } from "./digest";
import { failed, type Outcome } from "./outcome";

/** Prebuilt tools are made for this kind of machine only. */
export const prebuiltPlatform = "linux-x64";

/**
 * Unpacks `<folder>/<name>.xz` to `target`, once its SHA-256 equals the line of `<folder>/SHA256SUMS`.
 * @param target a temporary path; the caller renames it
 */
export async function unpackPrebuilt(
  folder: string | undefined,
  name: string,
  target: string,
): Promise<Outcome> {
  if (folder === undefined) return { ok: false, reason: "no folder is named" };
  const archive = join(folder, `${name}.xz`);
  try {
    const sums = await readFile(join(folder, "SHA256SUMS"), "utf8");
    const wanted = digestOf(sums, `${name}.xz`);
    if (wanted === undefined) {
      return { ok: false, reason: `${join(folder, "SHA256SUMS")} has no line for ${name}.xz` };
    }
    const found = await sha256(archive);
    if (found !== wanted) {
      return {
        ok: false,
        reason: `${archive} has SHA-256 ${found}, SHA256SUMS says ${wanted}`,
      };
    }
    await unpack(archive, target);
    return { ok: true };
  } catch (error) {
    return failed(error);
  }
}

async function unpack(archive: string, target: string): Promise<void> {
  const file = await open(target, "w", 0o755);
  try {
    const xz = spawn("xz", ["--decompress", "--stdout", archive], {
      stdio: ["ignore", file.fd, "inherit"],
    });
    const [code] = (await once(xz, "exit")) as [number | null];
    if (code !== 0) throw new Error(`xz cannot unpack ${archive}: exit code ${String(code)}`);
    await file.sync();
  } finally {
    await file.close();
  }
}
