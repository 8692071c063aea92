// Renders a kubeconfig that holds its certificates itself, so that it works from any folder.

export interface KubeconfigInput {
  readonly server: string;
  readonly user: string;
  readonly caPem: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** The kubeconfig as JSON, which is YAML too. */
export function renderKubeconfig(input: KubeconfigInput): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const name = "aml-inference";
  return JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name,
          cluster: { server: input.server, "certificate-authority-data": base64(input.caPem) },
        },
      ],
      users: [
        {
          name: input.user,
          user: {
            "client-certificate-data": base64(input.certificatePem),
            "client-key-data": base64(input.privateKeyPem),
          },
        },
      ],
      contexts: [{ name, context: { cluster: name, user: input.user } }],
      "current-context": name,
    },
    null,
    2,
  );
}
