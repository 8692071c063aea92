// HAProxy 3.4 under its stock name, from Debian, for machines that reach no image registry.
import { cpSync } from "node:fs";
import { HAPROXY_IMAGE } from "../../contracts/pods/pod-defaults";
import { makeDebianRoot, runInRoot, type DebianRoot } from "./debian-root";
import type { ImageRecipe } from "./image-recipe";

/** The image that users with a registry pull under the same name. */
const haproxyImage = "docker.io/library/haproxy:3.4";

// Debian's stable releases have older ones.
const packages: DebianRoot = {
  suite: "sid",
  experimental: "haproxy",
  packages: ["base-files", "ca-certificates", "coreutils", "dash", "haproxy", "libc-bin"],
  users: [{ name: "haproxy", id: 99 }],
};

/** Runs as user 99 with a read-only root file system, like the stock image started that way. */
export const haproxyRecipe: ImageRecipe = {
  name: haproxyImage,
  standsFor: HAPROXY_IMAGE,
  inputs: [JSON.stringify(packages)],
  config: {
    entrypoint: ["haproxy"],
    cmd: ["-f", "/usr/local/etc/haproxy/haproxy.cfg"],
    user: "99:99",
    workingDir: "/",
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
  },
  build: async (root) => {
    await makeDebianRoot(root, packages);
    // The stock image has it here, and programs name it by its path.
    cpSync(`${root}/usr/sbin/haproxy`, `${root}/usr/local/sbin/haproxy`, { recursive: true });
    const version = await runInRoot(root, "haproxy", ["-v"]);
    if (!/^HAProxy version 3\.4\./.test(version)) {
      throw new Error(
        `Debian's package haproxy must be 3.4: it is ${version.split("\n")[0] ?? "silent"}`,
      );
    }
  },
};
