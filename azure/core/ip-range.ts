// IPv4 ranges: are they ranges, do they overlap, does an address lie in one.

export interface IpRange {
  readonly first: number;
  readonly last: number;
}

/** The addresses of `10.0.0.0/16`; undefined when it is no range, or one with bits set behind its prefix. */
export function parseIpRange(cidr: string): IpRange | undefined {
  const match = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(cidr);
  const first = match && parseIpAddress(match[1] ?? "");
  const bits = Number(match?.[2]);
  if (first === undefined || first === null || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  return first % size === 0 ? { first, last: first + size - 1 } : undefined;
}

/** An address as a number; undefined when it is none. */
export function parseIpAddress(address: string): number | undefined {
  const octets = address.split(".").map((octet) => (/^\d{1,3}$/.test(octet) ? Number(octet) : 256));
  if (octets.length !== 4 || octets.some((octet) => octet > 255)) return undefined;
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

export function rangesOverlap(one: IpRange, other: IpRange): boolean {
  return one.first <= other.last && other.first <= one.last;
}

export function isInRange(address: number, range: IpRange): boolean {
  return address >= range.first && address <= range.last;
}
