// The local cluster's supervisor process: keeps the components running and serves as its load balancer.
// Runs inside mount and process namespaces of its own (io/launch-supervisor.ts). Arguments: state folder, kube binary.
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clusterSettings, loadBalancerAddresses } from "./core/cluster-settings";
import { planComponents } from "./core/plan-components";
import { openBoundedLog } from "./io/bounded-log";
import { superviseComponent, type ComponentStatus } from "./io/supervise-component";
import { runLoadBalancer } from "./load-balancer/controller";

const [stateDir, kube] = process.argv.slice(2);
if (stateDir === undefined || kube === undefined) {
  throw new Error("supervisor needs two arguments: the state folder and the kube binary");
}
const settings = clusterSettings(stateDir);
const statuses = new Map<string, ComponentStatus>();

function report(status: ComponentStatus): void {
  statuses.set(status.name, status);
  const path = settings.supervisorStatus;
  writeFileSync(`${path}.new`, JSON.stringify([...statuses.values()], null, 2));
  renameSync(`${path}.new`, path);
}

for (const component of planComponents(settings, kube)) {
  void superviseComponent(component, settings.logDir, report);
}
void runLoadBalancer({
  kubeconfig: settings.kubeconfig,
  addresses: loadBalancerAddresses,
  log: openBoundedLog(join(settings.logDir, "load-balancer.log")),
});
