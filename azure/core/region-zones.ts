// Which Azure regions have availability zones.
import { regionName } from "./region-name";

// learn.microsoft.com/azure/reliability/regions-list, column «Availability zone support».
const WITH_ZONES: ReadonlySet<string> = new Set([
  ...["australiaeast", "austriaeast", "belgiumcentral", "brazilsouth", "canadacentral"],
  ...["centralindia", "centralus", "chilecentral", "eastasia", "eastus", "eastus2"],
  ...["francecentral", "germanywestcentral", "indonesiacentral", "israelcentral", "italynorth"],
  ...["japaneast", "japanwest", "koreacentral", "malaysiawest", "mexicocentral", "newzealandnorth"],
  ...["northeurope", "norwayeast", "polandcentral", "qatarcentral", "southafricanorth"],
  ...["southcentralus", "southeastasia", "spaincentral", "swedencentral", "switzerlandnorth"],
  ...["uaenorth", "uksouth", "westeurope", "westus2", "westus3"],
  ...["usgovvirginia", "chinanorth3"],
]);

/** Three zones where the region has them, else none. */
export function zonesOf(location: string): string[] {
  return WITH_ZONES.has(regionName(location)) ? ["1", "2", "3"] : [];
}

/** Where the machines of a cluster are: as given, else in all zones of the region, and for DevTest in none. */
export function clusterZones(
  given: readonly string[] | undefined,
  purpose: string,
  location: string,
): string[] {
  if (given !== undefined) return [...given];
  return purpose === "DevTest" ? [] : zonesOf(location);
}
