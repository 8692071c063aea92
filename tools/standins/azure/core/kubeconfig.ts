/** The kubeconfigs that AKS and Azure ML hand out. */

/** The application id of AKS's server in Microsoft Entra, the same in every tenant of the public cloud. */
const AKS_SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630";
const KUBELOGIN_CLIENT_ID = "80faf920-1908-4b52-b5ef-a8e7bedfc67a";

/** One text for all clusters, or what is asked at each call, for a story in which one cluster follows another. */
export type GivenKubeconfig = string | (() => string);

/** A kubeconfig for a cluster that is nowhere: right in form, and nothing answers. */
export function unreachableKubeconfig(server: string): string {
  return [
    "apiVersion: v1",
    "kind: Config",
    "current-context: aks",
    "clusters: [{ name: aks, cluster: { server: 'https://" + server + ":443' } }]",
    "contexts: [{ name: aks, context: { cluster: aks, user: clusterUser } }]",
    "users: [{ name: clusterUser, user: { token: not-a-real-token } }]",
    "",
  ].join("\n");
}

/**
 * The same kubeconfig as AKS gives it to a user of a cluster with Entra: the credential is a program that asks a
 * person to log in.
 */
export function withDeviceLogin(kubeconfig: string, tenantId: string): string {
  const at = kubeconfig.search(/^users:/m);
  const head = at < 0 ? kubeconfig : kubeconfig.slice(0, at);
  const user = /^\s*(?:user|- name):\s*(\S+)\s*$/m.exec(kubeconfig.slice(Math.max(at, 0)))?.[1];
  const name = /user:\s*['"]?([\w.-]+)/.exec(head)?.[1] ?? user ?? "clusterUser";
  return [
    head.trimEnd(),
    "users:",
    `- name: ${name}`,
    "  user:",
    "    exec:",
    "      apiVersion: client.authentication.k8s.io/v1beta1",
    "      command: kubelogin",
    "      args:",
    "      - get-token",
    "      - --environment",
    "      - AzurePublicCloud",
    "      - --server-id",
    `      - ${AKS_SERVER_ID}`,
    "      - --client-id",
    `      - ${KUBELOGIN_CLIENT_ID}`,
    "      - --tenant-id",
    `      - ${tenantId}`,
    "      - --login",
    "      - devicecode",
    "      env: null",
    "      provideClusterInfo: false",
    "",
  ].join("\n");
}
