// Generates a key from the system's secure random source.
import { randomBytes } from "node:crypto";
import { keyFromBytes } from "../core/next-keys";

/** 32 letters and digits, each equally likely. */
export function generateKey(): string {
  for (;;) {
    const key = keyFromBytes(randomBytes(64));
    if (key !== undefined) return key;
  }
}
