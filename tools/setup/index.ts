// The tool chain: Pulumi's CLI, its plugins and Kubernetes, installed once and pinned.
export { ensureKubernetesBinary } from "./kubernetes-binary";
export { preparePulumi, type PulumiCommand } from "./prepare-pulumi";
export { ensurePulumi, type PulumiHome } from "./pulumi-home";
export { clearDeadLock, clearDeadLocks } from "./pulumi-lock";
export { standInLauncher } from "./stand-in";
export * from "./versions";
