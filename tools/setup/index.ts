// The tool chain: Pulumi's CLI, its plugins and Kubernetes, installed once and pinned.
export { ensureKubernetesBinary } from "./kubernetes-binary";
export { preparePulumi, type PulumiCommand } from "./prepare-pulumi";
export { backendFolder, ownEnvironment } from "./pulumi-environment";
export { ensurePulumi, isPulumiInstalled, pulumiHomeFolder, type PulumiHome } from "./pulumi-home";
export { clearDeadLocks, endLockHolders, waitForLock, type StackName } from "./pulumi-lock";
export { endOrphans, endProcess } from "./end-process";
export * from "./stack-files";
export { standInLauncher } from "./stand-in";
export * from "./versions";
