// Whether a subscription may have machines of a size in a region, and how many vCPUs one of them has.
import { type ArgumentError, shown } from "../../values/argument-error";
import { type OfferedSize } from "../../azure/core/region-offer";
import { readVmSize } from "../../azure/core/vm-size";

/** A size that an argument asks for. */
export interface AskedSize {
  /** Path of the argument, e.g. `agentVmSize`. */
  readonly path: string;
  readonly vmSize: string;
  /** vCPUs as the program says them. */
  readonly given?: number | undefined;
  /** Whether it must have GPUs. */
  readonly gpu?: boolean;
}

export interface SizeVerdict {
  readonly problems: readonly ArgumentError[];
  /** vCPUs of one machine: given, else of Azure's list, else read from the name; undefined when none says it. */
  readonly vCpus: number | undefined;
}

/**
 * Judges a size.
 * @param offered Azure's list; undefined when it could not be asked, and then only the name speaks
 * @param zones where the machines are to be
 */
export function validateVmSize(
  { path, vmSize, given, gpu = false }: AskedSize,
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
    const reason = `must be a machine size that this subscription may have in ${location}: ${shown(vmSize)} is closed to it (${size.restriction}); ask Azure for it, or take another size`;
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
