// Writes the configuration files of the local cluster's components.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { network, ports, type ClusterSettings } from "../core/cluster-settings";
import { apiClients } from "../core/plan-certificates";
import { pauseImage } from "../../images";
import { renderCniConfig, renderContainerdConfig } from "../core/render-containerd-config";
import { renderKubeconfig } from "../core/render-kubeconfig";
import { renderKubeletConfig, renderProxyConfig } from "../core/render-node-config";

/** Writes all of them again; `pkiDir` must be complete. */
export function writeConfiguration(settings: ClusterSettings): void {
  const { configDir, pkiDir, stateDir, logDir } = settings;
  const config = (file: string) => join(configDir, file);
  const pki = (file: string) => readFileSync(join(pkiDir, file), "utf8");
  for (const dir of [join(configDir, "cni"), logDir]) mkdirSync(dir, { recursive: true });
  for (const dir of ["kubelet", "cni", "var-log"]) {
    mkdirSync(join(stateDir, "host", dir), { recursive: true });
  }

  const kubeconfig = (certificate: string) =>
    renderKubeconfig({
      server: `https://${network.nodeIp}:${ports.apiServer}`,
      user: certificate,
      caPem: pki("ca.pem"),
      certificatePem: pki(`${certificate}.pem`),
      privateKeyPem: pki(`${certificate}.key`),
    });
  for (const client of apiClients) writeSecret(config(`${client}.kubeconfig`), kubeconfig(client));
  writeSecret(settings.kubeconfig, kubeconfig("admin"));

  writeFileSync(config("containerd.toml"), renderContainerdConfig(settings, pauseImage));
  writeFileSync(join(configDir, "cni", "10-aml-inference.conflist"), renderCniConfig());
  writeFileSync(config("kubelet.json"), renderKubeletConfig(settings));
  writeFileSync(config("kube-proxy.json"), renderProxyConfig(settings));
  // A copy: the machine's own may be a link into /run, which the components don't see.
  writeFileSync(config("resolv.conf"), readFileSync("/etc/resolv.conf", "utf8"));
}

/** Replaces the file in one step, so that a reader never sees half of it. */
function writeSecret(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
