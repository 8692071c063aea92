// Which Azure regions have availability zones, and which of them are part of the node pools' names.
import { regionName } from "./region-name";

/**
 * Regions whose zones are part of the names of pools that were given none. It never changes: a pool with another name
 * is another pool, so every cluster in a region that is added here would have its pools replaced.
 */
const ZONES_IN_POOL_NAMES: ReadonlySet<string> = new Set([
  ...["australiaeast", "austriaeast", "belgiumcentral", "brazilsouth", "canadacentral"],
  ...["centralindia", "centralus", "chilecentral", "eastasia", "eastus", "eastus2"],
  ...["francecentral", "germanywestcentral", "indonesiacentral", "israelcentral", "italynorth"],
  ...["japaneast", "japanwest", "koreacentral", "malaysiawest", "mexicocentral", "newzealandnorth"],
  ...["northeurope", "norwayeast", "polandcentral", "qatarcentral", "southafricanorth"],
  ...["southcentralus", "southeastasia", "spaincentral", "swedencentral", "switzerlandnorth"],
  ...["uaenorth", "uksouth", "westeurope", "westus2", "westus3"],
  ...["usgovvirginia", "chinanorth3"],
]);

/**
 * Regions with availability zones (learn.microsoft.com/azure/reliability/regions-list, column «Availability zone
 * support»). A region that gets zones is added here: new pools use them, and existing pools keep what they have.
 */
export const REGIONS_WITH_ZONES: ReadonlySet<string> = new Set([...ZONES_IN_POOL_NAMES]);

const ALL_ZONES = ["1", "2", "3"];

/** The zones of new machines: as given, else all that the region has; none for DevTest. */
export function clusterZones(
  given: readonly string[] | undefined,
  purpose: string,
  location: string,
): string[] {
  return chosenZones(given, purpose, REGIONS_WITH_ZONES.has(regionName(location)));
}

/** The zones that a pool's name is made of: the same in every release. */
export function zonesInPoolName(
  given: readonly string[] | undefined,
  purpose: string,
  location: string,
): string[] {
  return chosenZones(given, purpose, ZONES_IN_POOL_NAMES.has(regionName(location)));
}

function chosenZones(
  given: readonly string[] | undefined,
  purpose: string,
  hasZones: boolean,
): string[] {
  if (given !== undefined) return [...given];
  return purpose !== "DevTest" && hasZones ? [...ALL_ZONES] : [];
}
