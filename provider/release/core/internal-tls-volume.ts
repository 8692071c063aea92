// The certificate by which a pod knows routers and autoscalers, as a volume and where a container mounts it.
import { INTERNAL_TLS_DIRECTORY, internalTlsSecret } from "../../../contracts/pods/internal-tls";

const NAME = "internal-tls";

/** @param deployment whose pods have it */
export function internalTlsVolume(deployment: string) {
  return { name: NAME, secret: { secretName: internalTlsSecret(deployment) } };
}

export const INTERNAL_TLS_MOUNT = { name: NAME, mountPath: INTERNAL_TLS_DIRECTORY, readOnly: true };
