// The parts of an Azure resource's id.

/** Resource group and name. */
export function partsOf(id: string): readonly [string, string] {
  const match = /\/resourceGroups\/([^/]+)\/providers\/.*\/([^/]+)$/i.exec(id);
  return [match?.[1] ?? "", match?.[2] ?? ""];
}

/** The subscription. */
export function subscriptionOf(id: string): string {
  return id.split("/")[2] ?? "";
}
