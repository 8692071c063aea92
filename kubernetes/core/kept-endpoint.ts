// What a local copy keeps of a ModelEndpoint: others may write large annotations, and endpoints of other routers.
import { belongsToRouter } from "../../contracts/model-endpoint/belongs-to-router";
import type {
  ModelEndpoint,
  ModelEndpointMetadata,
  ModelEndpointStatus,
} from "../../contracts/model-endpoint/model-endpoint";
import { keptMetadata } from "./kept-metadata";

/**
 * Undefined for an endpoint of another router.
 * @param keptStatus what is kept of the status; default: all
 */
export function keptEndpoint(
  endpoint: ModelEndpoint,
  routerNamespace: string | undefined,
  keptStatus: (status: ModelEndpointStatus) => ModelEndpointStatus = (status) => status,
): ModelEndpoint | undefined {
  if (!belongsToRouter(endpoint, routerNamespace)) return undefined;
  const { apiVersion, kind, spec, status } = endpoint;
  const metadata = keptMetadata(endpoint) as ModelEndpointMetadata;
  return {
    ...{ apiVersion, kind, metadata, spec },
    ...(status === undefined ? {} : { status: keptStatus(status) }),
  };
}
