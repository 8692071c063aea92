/** Ids that Azure would make up. */
import { createHash } from "node:crypto";

/** A GUID that depends on nothing but its seed, so that a run can be repeated. */
export function guidOf(seed: string): string {
  const hex = createHash("sha256").update(seed.toLowerCase()).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The directory of the stand-in's only tenant. */
export const TENANT_ID = "6f1c3a52-0b1d-4a57-9d0e-3c1b5a7e9f10";
