// Kubernetes quantities in canonical form: the API server returns them unchanged.

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
