// The process that serves as the kind cluster's load balancer. Arguments: kubeconfig, the one address, the node's address.
import { runLoadBalancer } from "./load-balancer/controller";

const [kubeconfig, address, nodeAddress] = process.argv.slice(2);
if (kubeconfig === undefined || address === undefined || nodeAddress === undefined) {
  throw new Error("kind-load-balancer needs three arguments: kubeconfig, address, node address");
}
void runLoadBalancer({
  kubeconfig,
  addresses: [address],
  nodeAddress,
  log: (line) => process.stdout.write(line),
});
