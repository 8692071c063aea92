// HAProxy 3.4 as a program on this machine, for tests and benchmarks.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { cacheDirectory } from "../checkout";
import { buildImage } from "./build-image";
import { haproxyRecipe } from "./haproxy-image";

/** Program and first arguments: the system's HAProxy when it is 3.4, else the one in our own image. */
export async function haproxyCommand(): Promise<[string, ...string[]]> {
  if (/^HAProxy version 3\.4\./.test(versionOf("haproxy"))) return ["haproxy"];
  const root = unpackImage(await buildImage(haproxyRecipe, (line) => console.error(line)));
  // The image may have a newer libc than this machine.
  const libraries = ["usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib64"];
  const loader = ["usr/lib64/ld-linux-x86-64.so.2", "usr/lib/ld-linux-aarch64.so.1"]
    .map((file) => join(root, file))
    .find((file) => existsSync(file));
  if (loader === undefined) throw new Error(`The image in ${root} must have a dynamic loader`);
  const path = libraries.map((folder) => join(root, folder)).join(":");
  return [loader, "--library-path", path, join(root, "usr/sbin/haproxy")];
}

function versionOf(program: string): string {
  try {
    return execFileSync(program, ["-v"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return "";
  }
}

/** The archive's files as a folder in the cache, unpacked once per image. */
function unpackImage(archive: string): string {
  const root = join(cacheDirectory(), "roots", basename(archive, ".tar"));
  if (existsSync(root)) return root;
  mkdirSync(join(root, ".."), { recursive: true });
  const work = mkdtempSync(`${root}.`);
  const [layout, made] = [join(work, "layout"), join(work, "root")];
  mkdirSync(layout);
  mkdirSync(made);
  execFileSync("tar", ["-xf", archive, "-C", layout]);
  const read = <T>(file: string) => JSON.parse(readFileSync(join(layout, file), "utf8")) as T;
  const blob = (digest: string) => join("blobs", digest.replace(":", "/"));
  const { manifests } = read<{ manifests: { digest: string }[] }>("index.json");
  for (const { digest } of manifests) {
    const { layers } = read<{ layers: { digest: string }[] }>(blob(digest));
    for (const layer of layers) {
      execFileSync("tar", ["-xf", join(layout, blob(layer.digest)), "-C", made]);
    }
  }
  if (!existsSync(root)) renameSync(made, root);
  rmSync(work, { recursive: true });
  return root;
}
