// Kubernetes quantities: read, and written in canonical form, which the API server returns unchanged.

const UNITS: Readonly<Record<string, number>> = {
  ...{ "": 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

/** A quantity of memory in bytes; undefined when it is none. */
export function quantityBytes(quantity: string): number | undefined {
  const [, number, unit = ""] =
    /^(\+?[\d.]+(?:[eE][-+]?\d+)?)([mkMGTPE]|[KMGTPE]i)?$/.exec(quantity) ?? [];
  const bytes = Number(number) * (UNITS[unit] ?? Number.NaN);
  return Number.isNaN(bytes) ? undefined : bytes;
}

/** CPU cores as a quantity, e.g. `100m` or `2`. */
export function cpuQuantity(cores: number): string {
  const milli = Math.round(cores * 1000);
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/** Gigabytes (10⁹ bytes, as in Azure ML) as a quantity, e.g. `500M` or `2G`. */
export function memoryQuantity(gigabytes: number): string {
  const bytes = Math.ceil(gigabytes * 1e9 - 1e-6);
  const units = [
    ["G", 1e9],
    ["M", 1e6],
    ["k", 1e3],
  ] as const;
  const fitting = units.find(([, size]) => bytes % size === 0);
  return fitting === undefined ? String(bytes) : `${bytes / fitting[1]}${fitting[0]}`;
}
