// Makes a pod's port reachable from a test, whatever kind of cluster it is in.
import { createServer, type AddressInfo } from "node:net";
import { KubeConfig, PortForward } from "@kubernetes/client-node";

export interface ForwardedPort {
  /** Such as http://127.0.0.1:40123. */
  readonly url: string;
  readonly close: () => void;
}

/** Forwards a free port of 127.0.0.1 through the API server until `close` is called. */
export async function forwardPort(
  kubeconfig: string,
  target: { readonly namespace: string; readonly pod: string; readonly port: number },
): Promise<ForwardedPort> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const forward = new PortForward(config);
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    forward
      .portForward(target.namespace, target.pod, [target.port], socket, null, socket)
      .catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
