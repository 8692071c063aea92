// The name of an Azure region, as Azure's ids and addresses have it.

/** `West Europe` and `westeurope` are the same. */
export function regionName(location: string): string {
  return location.replace(/\s/g, "").toLowerCase();
}
