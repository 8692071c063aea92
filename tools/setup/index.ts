// The tool chain: Pulumi's CLI, its plugins and Kubernetes, installed once and pinned.
export * from "./kubernetes-binary";
export * from "./prepare-pulumi";
export * from "./pulumi-home";
export * from "./pulumi-lock";
export * from "./stand-in";
export * from "./versions";
