// Validates a VM size against what Azure offers to the subscription in a region, and finds its number of vCPUs.
import { type ArgumentError, shown } from "../../values/argument-error";
import { type OfferedSize } from "../../azure/core/region-offer";
import { readVmSize } from "../../azure/core/vm-size";

/** A VM size that an argument requests. */
export interface RequestedSize {
  /** Path of the argument, e.g. `agentVmSize`. */
  readonly path: string;
  readonly vmSize: string;
  /** vCPUs that the program gives. */
  readonly given?: number | undefined;
  /** Whether the size must have GPUs. */
  readonly gpu?: boolean;
}

export interface SizeVerdict {
  readonly problems: readonly ArgumentError[];
  /** vCPUs of one machine: the given number, else Azure's, else parsed from the size's name; undefined when unknown. */
  readonly vCpus: number | undefined;
}

/**
 * Validates a size.
 * @param offered Azure's list; undefined when Azure could not be queried: then only the size's name is validated
 * @param zones availability zones of the machines
 */
export function validateVmSize(
  { path, vmSize, given, gpu = false }: RequestedSize,
  offered: readonly OfferedSize[] | undefined,
  zones: readonly string[],
  location: string,
): SizeVerdict {
  const read = readVmSize(vmSize);
  const byName = given ?? (read.ok ? read.vCpus : undefined);
  if (offered === undefined) {
    const isUnknown = path === "agentVmSize" && !read.ok && byName === undefined;
    return { problems: isUnknown ? [{ path, reason: read.reason }] : [], vCpus: byName };
  }
  const size = offered.find(({ name }) => name.toLowerCase() === vmSize.toLowerCase());
  if (size === undefined) {
    const reason = `must be a machine size that Azure has in ${location}: it is ${shown(vmSize)} (az vm list-skus --location ${location})`;
    return { problems: [{ path, reason }], vCpus: byName };
  }
  const problems: ArgumentError[] = [];
  if (size.restriction !== undefined) {
    const reason = `must be a machine size that is available to this subscription in ${location}: ${shown(vmSize)} is not (${size.restriction}); request access or choose another size`;
    problems.push({ path, reason });
  }
  const missing = zones.filter((zone) => !size.zones.includes(zone));
  if (missing.length > 0) {
    const has = size.zones.length === 0 ? "no zone" : `zones ${[...size.zones].sort().join(", ")}`;
    const reason = `must be zones that have ${vmSize}: it is in ${has} of ${location}, not in ${missing.join(", ")}`;
    problems.push({ path: "zones", reason });
  }
  if (gpu && size.gpus === 0) {
    const reason = `must be a size with GPUs, like Standard_NC4as_T4_v3: it is ${shown(vmSize)}`;
    problems.push({ path, reason });
  }
  return { problems, vCpus: given ?? size.vCpus };
}
