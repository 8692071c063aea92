// The one table of the tools' versions; a test holds it equal to package.json and the Go modules.

/** Versions of what the set-up puts on a machine, as their makers write them. */
export const versions = {
  /** The `pulumi` CLI and its Node language host; equal to the npm package @pulumi/pulumi. */
  pulumi: "v3.259.0",
  /** The plugin `kubernetes`; equal to the npm package @pulumi/kubernetes. */
  kubernetesPlugin: "v4.29.0",
  /** The plugin `tls`; equal to the npm package @pulumi/tls. */
  tlsPlugin: "v5.5.1",
  /** The local cluster's Kubernetes. */
  kubernetes: "v1.34.4",
} as const;
