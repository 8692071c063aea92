// Queries what Azure offers in a region. Without a login or an answer, a preview continues and validates less.
import * as pulumi from "@pulumi/pulumi";
import { openAzure, type ReadAzure } from "./azure-reader";
import { regionName } from "../../../azure/core/region-name";
import {
  NO_OFFER,
  readKubernetesVersions,
  readVmSizes,
  type RegionOffer,
} from "../../../azure/core/region-offer";
import { messageOf } from "../../../values/message-of";

/** Which of Azure's lists are needed. */
export interface RegionQuestion {
  readonly location: string;
  readonly kubernetes: boolean;
  /** The list is long, about a megabyte. */
  readonly sizes: boolean;
}

/** Azure's lists. A list is undefined when it was not requested or could not be read. */
export async function askRegion(
  { location, kubernetes, sizes }: RegionQuestion,
  parent: pulumi.Resource,
): Promise<RegionOffer> {
  if (!kubernetes && !sizes) return NO_OFFER;
  const region = regionName(location);
  const unanswered = (error: unknown): undefined => {
    const reason = messageOf(error);
    void pulumi.log.debug(
      `Azure could not be queried for what it offers in ${region}: ${reason}`,
      parent,
    );
    return undefined;
  };
  const read = await openAzure({ parent }).catch(unanswered);
  if (read === undefined) return NO_OFFER;
  const [versions, machines] = await Promise.all([
    kubernetes ? readVersions(read, region).catch(unanswered) : undefined,
    sizes ? readSizes(read, region).catch(unanswered) : undefined,
  ]);
  return { kubernetes: versions, sizes: machines };
}

async function readVersions(read: ReadAzure, region: string) {
  const path = `providers/Microsoft.ContainerService/locations/${region}/kubernetesVersions`;
  return nonEmpty(readKubernetesVersions(await read(`${path}?api-version=2025-09-01`)));
}

async function readSizes(read: ReadAzure, region: string) {
  const filter = encodeURIComponent(`location eq '${region}'`);
  const path = `providers/Microsoft.Compute/skus?api-version=2021-07-01&$filter=${filter}`;
  return nonEmpty(readVmSizes(await read(path)));
}

/** An empty list means that the API does not know the region, not that the region offers nothing. */
function nonEmpty<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list;
}
