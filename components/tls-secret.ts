// The router's certificate as a Secret of type kubernetes.io/tls.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CERTIFICATE_FILE, PRIVATE_KEY_FILE } from "../serving/router/core/environment";
import { type SslArgs } from "./aml-inference-router-args";
import { type ObjectPlace, TLS_SECRET_NAME } from "./router-names";

export function createTlsSecret(
  name: string,
  { namespace, labels }: ObjectPlace,
  ssl: SslArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret {
  return new k8s.core.v1.Secret(
    name,
    {
      metadata: { name: TLS_SECRET_NAME, namespace, labels },
      type: "kubernetes.io/tls",
      stringData: {
        [CERTIFICATE_FILE]: ssl.certificatePem,
        [PRIVATE_KEY_FILE]: pulumi.secret(ssl.privateKeyPem),
      },
    },
    opts,
  );
}
