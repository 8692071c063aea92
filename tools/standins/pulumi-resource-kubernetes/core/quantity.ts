/** Kubernetes' quantities in the one form in which the API server writes them. */

const pattern =
  /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE][+-]?\d+)|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?$/;

const decimalExponents: Readonly<Record<string, number>> = {
  ...{ n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 },
};
const decimalSuffixes = ["E", "P", "T", "G", "M", "k", "", "m", "u", "n"];
const binarySuffixes = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** The smallest amount that a quantity can tell: a billionth. */
const nano = 1_000_000_000n;

/**
 * `1000m` → `1`, `0.5` → `500m`, `1024Mi` → `1Gi`: no fraction, the largest suffix that loses
 * nothing (Kubernetes, `resource.Quantity`). What is not a quantity comes back unchanged.
 */
export function canonicalQuantity(value: unknown): unknown {
  if (typeof value !== "string" && typeof value !== "number") return value;
  const match = pattern.exec(String(value));
  if (!match) return value;
  const [, sign = "", whole = "", fraction = "", exponent, suffix = ""] = match;
  if (whole === "" && fraction === "") return value;
  // An exponent is a format of its own, which the server keeps.
  if (exponent !== undefined) return value;
  const binary = binarySuffixes.indexOf(suffix);
  const amount = toNano(whole, fraction, binary, suffix);
  if (amount === 0n) return "0";
  const text =
    binary >= 0 && amount % nano === 0n ? formatBinary(amount / nano) : formatDecimal(amount);
  return sign === "-" ? `-${text}` : text;
}

/** The amount in billionths, rounded up as Kubernetes does. */
function toNano(whole: string, fraction: string, binary: number, suffix: string): bigint {
  const digits = BigInt(whole + fraction || "0");
  const scale =
    binary >= 0
      ? nano * 1024n ** BigInt(binary + 1)
      : 10n ** BigInt(9 + (decimalExponents[suffix] ?? 0));
  const divisor = 10n ** BigInt(fraction.length);
  return (digits * scale + divisor - 1n) / divisor;
}

function formatBinary(amount: bigint): string {
  let suffix = "";
  let rest = amount;
  for (const next of binarySuffixes) {
    if (rest % 1024n !== 0n) break;
    rest /= 1024n;
    suffix = next;
  }
  return `${rest}${suffix}`;
}

function formatDecimal(amount: bigint): string {
  let unit = nano * 10n ** 18n;
  for (const suffix of decimalSuffixes) {
    if (amount % unit === 0n) return `${amount / unit}${suffix}`;
    unit /= 1000n;
  }
  return `${amount}n`;
}
