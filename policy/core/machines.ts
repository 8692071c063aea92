// What one machine of a size has, and what it costs by Azure's public list.
import { readVmSize } from "../../azure/core/vm-size";

export interface Machine {
  readonly vCpus: number;
  /** GiB. Undefined for a size that isn't listed. */
  readonly memoryGb: number | undefined;
  readonly gpus: number;
  /** US dollars. Undefined for a size that isn't listed. */
  readonly hourlyPrice: number | undefined;
}

/** Where the prices come from, for documents and sentences. */
export const PRICE_SOURCE =
  "Azure's retail prices (prices.azure.com), pay-as-you-go, Linux, West Europe, in US dollars, of 2026-06-18, as " +
  "karpenter-provider-azure publishes them (pkg/providers/pricing/zz_generated.pricing.go)";

/** Hours of a month in Azure's calculator. */
export const HOURS_PER_MONTH = 730;

/** Series whose sizes cost and have the same for every vCPU. */
const SERIES: readonly {
  readonly pattern: RegExp;
  readonly pricePerVCpu: number;
  readonly gbPerVCpu: number;
}[] = [
  { pattern: /^Standard_D\d+s_v5$/i, pricePerVCpu: 0.0575, gbPerVCpu: 4 },
  { pattern: /^Standard_D\d+ds_v5$/i, pricePerVCpu: 0.068, gbPerVCpu: 4 },
  { pattern: /^Standard_D\d+s_v6$/i, pricePerVCpu: 0.0605, gbPerVCpu: 4 },
  { pattern: /^Standard_D\d+s_v3$/i, pricePerVCpu: 0.06, gbPerVCpu: 4 },
  { pattern: /^Standard_DS?[234]_v2$/i, pricePerVCpu: 0.068, gbPerVCpu: 3.5 },
  { pattern: /^Standard_E\d+s_v5$/i, pricePerVCpu: 0.076, gbPerVCpu: 8 },
  { pattern: /^Standard_F\d+s_v2$/i, pricePerVCpu: 0.0485, gbPerVCpu: 2 },
  { pattern: /^Standard_B[248]ms$/i, pricePerVCpu: 0.048, gbPerVCpu: 4 },
];

/** Sizes with GPUs, by lower-case name: memory in GiB, GPUs, US dollars an hour. */
const GPU_SIZES: Readonly<
  Record<string, readonly [memoryGb: number, gpus: number, price: number]>
> = {
  standard_nc4as_t4_v3: [28, 1, 0.658],
  standard_nc8as_t4_v3: [56, 1, 0.94],
  standard_nc16as_t4_v3: [110, 1, 1.505],
  standard_nc64as_t4_v3: [440, 4, 5.44],
  standard_nc6s_v3: [112, 1, 3.823],
  standard_nc12s_v3: [224, 2, 7.646],
  standard_nc24s_v3: [448, 4, 15.292],
  standard_nc24ads_a100_v4: [220, 1, 4.775],
  standard_nc48ads_a100_v4: [440, 2, 9.55],
  standard_nc96ads_a100_v4: [880, 4, 19.1],
  standard_nc40ads_h100_v5: [320, 1, 9.08],
  standard_nc80adis_h100_v5: [640, 2, 18.16],
};

/** What a configuration says of a size beyond, or instead of, the list. */
export type MachineSettings = Readonly<
  Record<string, Partial<Record<"vCpus" | "memoryGb" | "gpus" | "hourlyPrice", number>>>
>;

/** Undefined where neither the list, nor the name, nor the configuration says how many vCPUs it has. */
export function machineOf(vmSize: string, settings: MachineSettings): Machine | undefined {
  const own = ownOf(vmSize, settings);
  const read = readVmSize(vmSize);
  const vCpus = own.vCpus ?? (read.ok ? read.vCpus : undefined);
  if (vCpus === undefined) return undefined;
  const [memoryGb, gpus, price] = GPU_SIZES[vmSize.toLowerCase()] ?? [];
  const series = SERIES.find(({ pattern }) => pattern.test(vmSize));
  return {
    vCpus,
    memoryGb: own.memoryGb ?? memoryGb ?? (series && vCpus * series.gbPerVCpu),
    gpus: own.gpus ?? gpus ?? (read.ok && read.gpu ? 1 : 0),
    hourlyPrice: own.hourlyPrice ?? price ?? (series && vCpus * series.pricePerVCpu),
  };
}

type OwnMachine = MachineSettings[string];

function ownOf(vmSize: string, settings: MachineSettings): OwnMachine {
  const name = Object.keys(settings).find((each) => each.toLowerCase() === vmSize.toLowerCase());
  const given: unknown = name === undefined ? undefined : settings[name];
  if (typeof given !== "object" || given === null) return {};
  const numbers = Object.entries(given).filter(([, value]) => typeof value === "number");
  return Object.fromEntries(numbers);
}
