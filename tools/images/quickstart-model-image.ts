// The quickstart's model image: scikit-learn models behind Azure ML's inference server.
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { captureOutput, installPackages, type Report } from "../programs";
import { cacheDirectory, projectRoot } from "../checkout";
import { makeDebianRoot, runInRoot, type DebianRoot } from "./debian-root";
import type { ImageRecipe } from "./image-recipe";
import { parseDockerfile } from "./parse-dockerfile";

/** The name that the quickstart's program gives to both versions. */
export const quickstartModelImage = "docker.io/aml-inference/quickstart-diabetes:1";

/** The folder that `docker build` takes. */
export const quickstartModelSource = join(projectRoot, "examples", "quickstart", "model");

const appRoot = "/var/azureml-app";
const sitePackages = "usr/local/lib/python3.11/dist-packages";

const packages: DebianRoot = {
  suite: "bookworm",
  packages: [
    ...["base-files", "ca-certificates", "coreutils", "dash", "libc-bin"],
    ...["libstdc++6", "python3"],
  ],
  users: [{ name: "aml", id: 1000 }],
};

const source = (file: string) => readFileSync(join(quickstartModelSource, file), "utf8");

/** What the Dockerfile does, on Debian's Python of the same version. */
export const quickstartModelRecipe: ImageRecipe = {
  name: quickstartModelImage,
  inputs: [
    JSON.stringify(packages),
    ...["Dockerfile", "requirements.txt", "score.py", "train.py"].map(source),
  ],
  config: parseDockerfile(source("Dockerfile")),
  build: async (root, scratch, report) => {
    const requirements = await ensureRequirements(scratch, report);
    await makeDebianRoot(root, packages);
    cpSync(requirements, join(root, sitePackages), { recursive: true });
    // The file system is read-only when the server runs, so the byte code must be there.
    await runInRoot(root, "python3", [
      ...["-m", "compileall", "-q", `/${sitePackages}`, "/usr/lib/python3.11"],
    ]);
    mkdirSync(join(root, appRoot), { recursive: true });
    for (const file of ["score.py", "train.py"]) {
      copyFileSync(join(quickstartModelSource, file), join(root, appRoot, file));
    }
    report("Training the quickstart's two models …");
    await runInRoot(root, "python3", [`${appRoot}/train.py`, `${appRoot}/azureml-models`]);
  },
};

/** The installed requirements as a folder in the cache: the longest step, kept on its own. */
async function ensureRequirements(unfinished: string, report: Report): Promise<string> {
  const digest = createHash("sha256").update(source("requirements.txt")).digest("hex").slice(0, 16);
  const folder = join(cacheDirectory(), "images", `requirements-${digest}`);
  if (existsSync(folder)) return folder;
  report("Fetching the quickstart's Python packages …");
  const pip = ["-m", "pip"];
  const hasPip = () =>
    captureOutput("python3", [...pip, "--version"]).then(
      () => true,
      () => false,
    );
  if (!(await hasPip())) await installPackages(["python3-pip"], report);
  const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
  await captureOutput("python3", [
    ...[...pip, "install", "--quiet", "--no-deps", "--no-compile", "--target", unfinished],
    // For the image's Python, not for this machine's.
    ...["--python-version", "3.11", "--only-binary=:all:"],
    ...["--platform", `manylinux2014_${machine}`, "--platform", `manylinux_2_28_${machine}`],
    ...["--requirement", join(quickstartModelSource, "requirements.txt")],
  ]);
  await captureOutput("find", [
    ...[unfinished, "-type", "d", "-name", "tests", "-prune"],
    ...["-exec", "rm", "-r", "{}", "+"],
  ]);
  renameSync(unfinished, folder);
  return folder;
}
