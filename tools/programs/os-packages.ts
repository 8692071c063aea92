// Installs the operating system's packages that the local cluster and the image builder need, without starting their services.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import type { Report } from "./progress";
import { captureOutput } from "./capture-output";

/** Debian's package for each program that is needed; a program already there needs no package. */
const packages: Readonly<Record<string, readonly string[]>> = {
  "etcd-server": ["/usr/bin/etcd"],
  containerd: ["/usr/bin/containerd", "/usr/bin/ctr", "/usr/bin/containerd-shim-runc-v2"],
  runc: ["/usr/sbin/runc"],
  "containernetworking-plugins": ["/usr/lib/cni/bridge", "/usr/lib/cni/host-local"],
  iptables: ["/usr/sbin/iptables", "/usr/sbin/iptables-save"],
  conntrack: ["/usr/sbin/conntrack"],
  iproute2: ["/usr/sbin/ip"],
  mount: ["/usr/bin/mount"],
  openssl: ["/usr/bin/openssl"],
  mmdebstrap: ["/usr/bin/mmdebstrap"],
  umoci: ["/usr/bin/umoci"],
  "xz-utils": ["/usr/bin/xz"],
  "ca-certificates": ["/etc/ssl/certs/ca-certificates.crt"],
};

const policyFile = "/usr/sbin/policy-rc.d";
const policyMark = "# Written by aml-inference while it installs packages: no service may start.";

/** Names of the packages that are missing here. */
function missingPackages(): string[] {
  return Object.entries(packages)
    .filter(([, files]) => !files.every((file) => existsSync(file)))
    .map(([name]) => name);
}

/** Installs what is missing; nothing to do otherwise. See {@link installPackages}. */
export async function ensureOsPackages(report: Report): Promise<void> {
  removeOwnPolicy(); // Left by a run that was killed.
  await installPackages(missingPackages(), report);
}

/**
 * Installs Debian packages with apt-get.
 * @throws Error when this is no Debian, when the process is not root, or when apt-get fails.
 */
export async function installPackages(names: readonly string[], report: Report): Promise<void> {
  if (names.length === 0) return;
  if (!existsSync("/usr/bin/apt-get") || process.getuid?.() !== 0) {
    throw new Error(
      `The local cluster needs ${names.join(", ")}, which can be installed only as root on Debian. ` +
        "Install them, or set AML_INFERENCE_KUBECONFIG to the kubeconfig of a cluster, or start Docker.",
    );
  }
  report(`Installing from Debian: ${names.join(", ")} …`);
  await withoutServices(async () => {
    // Finishes what an interrupted installation left.
    await captureOutput("dpkg", ["--configure", "-a"]);
    await aptGet(["update"]);
    await aptGet(["install", "--yes", "--no-install-recommends", ...names]);
  });
  // Enabled units would start at the next boot.
  if (existsSync("/run/systemd/system")) {
    const units = ["etcd", "containerd"].filter((unit) => names.join(" ").includes(unit));
    if (units.length > 0) await captureOutput("systemctl", ["disable", ...units]);
  }
}

async function withoutServices(install: () => Promise<void>): Promise<void> {
  // Somebody else's policy decides here, as it does for every installation.
  if (!existsSync(policyFile)) {
    writeFileSync(policyFile, `#!/bin/sh\n${policyMark}\nexit 101\n`, { mode: 0o755 });
  }
  try {
    await install();
  } finally {
    removeOwnPolicy();
  }
}

function removeOwnPolicy(): void {
  const own = existsSync(policyFile) && readFileSync(policyFile, "utf8").includes(policyMark);
  if (own) rmSync(policyFile);
}

function aptGet(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    // An apt-get whose parent was killed may still be at work: wait for it.
    const options = ["--quiet=2", "--option", "DPkg::Lock::Timeout=300"];
    const child = spawn("apt-get", [...options, ...args], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`apt-get ${args.join(" ")} failed with exit code ${code}`));
    });
  });
}
