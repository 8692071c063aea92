// The router's certificate as a Secret of type kubernetes.io/tls.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CERTIFICATE_FILE, PRIVATE_KEY_FILE } from "../../contracts/pods/router-environment";
import { isLater } from "../engine/inputs";
import { type RouterCertificate } from "./router-certificate";
import { type ObjectLocator, TLS_SECRET_NAME } from "./router-names";

export function createTlsSecret(
  name: string,
  { namespace, labels }: ObjectLocator,
  { certificatePem, privateKeyPem, annotations }: RouterCertificate,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret {
  return new k8s.core.v1.Secret(
    name,
    {
      // Empty maps, which the server drops, would be added again by every update: of Secrets the provider compares them.
      metadata: {
        name: TLS_SECRET_NAME,
        namespace,
        ...(isLater(labels)
          ? { labels: pulumi.output(labels).apply(unlessEmpty) }
          : Object.keys(labels).length === 0
            ? {}
            : { labels }),
        ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      },
      type: "kubernetes.io/tls",
      stringData: { [CERTIFICATE_FILE]: certificatePem, [PRIVATE_KEY_FILE]: privateKeyPem },
    },
    opts,
  );
}

/** Undefined is left out of the object; the types of the SDK don't say so. */
function unlessEmpty(labels: Record<string, string>): Record<string, string> {
  return Object.keys(labels).length === 0 ? (undefined as never) : labels;
}
