// Takes the place of undici in the bundle of the Kubernetes client, which only reads kubeconfigs: undici doesn't load on Node 20.
function refuse() {
  throw new Error("The bundled Kubernetes client sends no requests");
}

export { refuse as Agent, refuse as ProxyAgent, refuse as fetch };
