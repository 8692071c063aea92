// Node 24 under its stock name, for machines that reach no image registry.
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NODE_IMAGE } from "../../contracts/pods/pod-defaults";
import { projectRoot } from "../checkout";
import { makeDebianRoot, runInRoot, type DebianRoot } from "./debian-root";
import type { ImageRecipe } from "./image-recipe";

/** The image that users with a registry pull under the same name. */
const nodeImage = "docker.io/library/node:24";

// The stock image's own base.
const packages: DebianRoot = {
  suite: "bookworm",
  packages: ["base-files", "ca-certificates", "coreutils", "dash", "libc-bin", "libstdc++6"],
  users: [{ name: "node", id: 1000 }],
};

const nodePackage = join(projectRoot, "node_modules", "node");
const { version } = JSON.parse(readFileSync(join(nodePackage, "package.json"), "utf8")) as {
  version: string;
};

/** nodejs.org's binary, as the npm package `node` carries it, on Debian. */
export const nodeRecipe: ImageRecipe = {
  name: nodeImage,
  standsFor: NODE_IMAGE,
  inputs: [version, JSON.stringify(packages)],
  config: {
    cmd: ["node"],
    workingDir: "/",
    env: {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      NODE_VERSION: version,
    },
  },
  build: async (root) => {
    await makeDebianRoot(root, packages);
    mkdirSync(join(root, "usr/local/bin"), { recursive: true });
    copyFileSync(join(nodePackage, "bin", "node"), join(root, "usr/local/bin/node"));
    const found = (await runInRoot(root, "node", ["--version"])).trim();
    if (!found.startsWith("v24.")) throw new Error(`The image's Node must be 24: it is ${found}`);
  },
};
