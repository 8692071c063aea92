// A certificate and its key as a Secret of type kubernetes.io/tls.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  CA_FILE,
  CERTIFICATE_FILE,
  PRIVATE_KEY_FILE,
} from "../../contracts/pods/router-environment";
import { isLater } from "../engine/inputs";
import { type RouterCertificate } from "./router-certificate";
import { type ObjectLocator } from "./router-names";

export interface TlsSecret extends RouterCertificate {
  readonly pulumiName: string;
  readonly secretName: string;
  /** Certificate of the authority whose certificates the pods believe. Absent: none. */
  readonly caPem?: pulumi.Input<string>;
}

export function createTlsSecret(
  { pulumiName, secretName, certificatePem, privateKeyPem, caPem, annotations }: TlsSecret,
  { namespace, labels }: ObjectLocator,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret {
  return new k8s.core.v1.Secret(
    pulumiName,
    {
      // Empty maps, which the server drops, would be added again by every update: of Secrets the provider compares them.
      metadata: {
        name: secretName,
        namespace,
        ...(isLater(labels)
          ? { labels: pulumi.output(labels).apply(unlessEmpty) }
          : Object.keys(labels).length === 0
            ? {}
            : { labels }),
        ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      },
      type: "kubernetes.io/tls",
      stringData: {
        [CERTIFICATE_FILE]: certificatePem,
        [PRIVATE_KEY_FILE]: privateKeyPem,
        ...(caPem === undefined ? {} : { [CA_FILE]: caPem }),
      },
    },
    opts,
  );
}

/** Undefined is left out of the object; the types of the SDK don't say so. */
function unlessEmpty(labels: Record<string, string>): Record<string, string> {
  return Object.keys(labels).length === 0 ? (undefined as never) : labels;
}
