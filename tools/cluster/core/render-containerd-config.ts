// Renders the configuration of containerd and of the pods' network (CNI).
import { join } from "node:path";
import { network, type ClusterSettings } from "./cluster-settings";

/**
 * containerd's TOML: own folders and socket, runc, cgroupfs.
 * @param sandboxImage the image of every pod's sandbox
 */
export function renderContainerdConfig(
  { stateDir, configDir, containerdSocket }: ClusterSettings,
  sandboxImage: string,
) {
  const text = (value: string) => JSON.stringify(value);
  const cri = `plugins."io.containerd.grpc.v1.cri"`;
  return `version = 2
root = ${text(join(stateDir, "containerd"))}
state = "/run/containerd"
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
]

[grpc]
  address = ${text(containerdSocket)}

[plugins."io.containerd.internal.v1.opt"]
  path = ${text(join(stateDir, "containerd", "opt"))}

[${cri}]
  sandbox_image = ${text(sandboxImage)}
  # Some machines refuse negative scores, and a sandbox that asks for one dies there.
  restrict_oom_score_adj = true
  # A loaded profile would stay in the kernel after the cluster.
  disable_apparmor = true
  [${cri}.containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [${cri}.containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [${cri}.containerd.runtimes.runc.options]
        SystemdCgroup = false
  [${cri}.cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = ${text(join(configDir, "cni"))}
`;
}

/** One bridge with the pods' range; pods leave the machine behind the node's address. */
export function renderCniConfig(): string {
  return JSON.stringify(
    {
      cniVersion: "1.0.0",
      name: "aml-inference",
      plugins: [
        {
          type: "bridge",
          bridge: network.podBridge,
          isGateway: true,
          ipMasq: true,
          hairpinMode: true,
          ipam: {
            type: "host-local",
            ranges: [[{ subnet: network.podRange, gateway: network.podGateway }]],
            routes: [{ dst: "0.0.0.0/0" }],
          },
        },
        { type: "portmap", capabilities: { portMappings: true } },
      ],
    },
    null,
    2,
  );
}
