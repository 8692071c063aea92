// What the name of an Azure VM size says: its vCPUs, and whether it has GPUs or FPGAs.
//
// From v2 on, sizes are named by a convention: family, sub-family, vCPUs, constrained vCPUs, features, accelerator,
// version (learn.microsoft.com/azure/virtual-machines/vm-naming-conventions). Older series are listed.

/** What a size's name says. */
export type VmSizeReading =
  | { readonly ok: true; readonly vCpus: number; readonly gpu: boolean }
  | { readonly ok: false; readonly isFpga: boolean; readonly reason: string };

// Series whose number is not the number of vCPUs (learn.microsoft.com/azure/virtual-machines/sizes/previous-gen and
// …/dv2-dsv2-series).
const DV2 = { 1: 1, 2: 2, 3: 4, 4: 8, 5: 16, 11: 2, 12: 4, 13: 8, 14: 16, 15: 20 } as const;
const IRREGULAR: readonly {
  readonly pattern: RegExp;
  readonly vCpus: Readonly<Record<string, number>>;
}[] = [
  { pattern: /^Standard_DS?(\d+)(?:_v2)?(?:_Promo)?$/i, vCpus: DV2 },
  { pattern: /^Standard_GS?(\d)$/i, vCpus: { 1: 2, 2: 4, 3: 8, 4: 16, 5: 32 } },
  {
    pattern: /^(?:Standard|Basic)_A(\d+)$/i,
    vCpus: { 0: 1, 1: 1, 2: 2, 3: 4, 4: 8, 5: 2, 6: 4, 7: 8, 8: 8, 9: 16, 10: 8, 11: 16 },
  },
];

const CONVENTION =
  /^Standard_([A-Z]+?)(\d+)(?:-(\d+))?([a-z]*)(?:_[A-Z0-9]+)*(?:_v\d+)?(?:_Promo)?$/i;

/** Reads a size's name, e.g. `Standard_D4s_v5`. */
export function readVmSize(name: string): VmSizeReading {
  if (/^Standard_(NP|PB)\d/i.test(name)) {
    return {
      ok: false,
      isFpga: true,
      reason:
        "is an FPGA size: Azure ML's FPGA models needed a service that ended, and AKS has no device plugin for them; use a CPU or GPU size",
    };
  }
  for (const { pattern, vCpus } of IRREGULAR) {
    const number = pattern.exec(name)?.[1];
    if (number === undefined) continue;
    const count = vCpus[number];
    return count === undefined ? unknown(name) : { ok: true, vCpus: count, gpu: false };
  }
  const match = CONVENTION.exec(name);
  if (!match) return unknown(name);
  const [, family = "", size = "", constrained] = match;
  return { ok: true, vCpus: Number(constrained ?? size), gpu: /^N[CDGV]/i.test(family) };
}

function unknown(name: string): VmSizeReading {
  return {
    ok: false,
    isFpga: false,
    reason: `is not a machine size that is known here: it is "${name}"; give agentVCpus, the number of vCPUs of one machine`,
  };
}
