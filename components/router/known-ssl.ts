// Whether a router has a certificate, and whether it is v1's: what decides which resources there are.
import type * as pulumi from "@pulumi/pulumi";
import { type Given, isLater, type Later, memberOf, readLater } from "../engine/inputs";
import { type SslArgs } from "./aml-inference-router-args";

export interface KnownSsl extends Pick<SslArgs, "cname" | "certificatePem" | "privateKeyPem"> {
  /** True: the certificate of v1's router is copied. */
  readonly isLegacy: boolean;
}

/**
 * At once where nothing that decides comes later. What a preview doesn't know it takes for given, with a certificate of the
 * program's.
 */
export function knownSsl(ssl: Given<SslArgs>): Later<KnownSsl | undefined> {
  if (isLater(ssl)) return readSsl(ssl);
  if (ssl === undefined) return undefined;
  const { takeOverLegacyCertificate: isLegacy, ...pair } = ssl;
  if (!isLater(isLegacy)) return { ...pair, isLegacy: isLegacy === true };
  return readLater(isLegacy).then((reading) => ({
    ...pair,
    isLegacy: reading.isKnown && reading.value === true,
  }));
}

async function readSsl(ssl: pulumi.Input<SslArgs | undefined>): Promise<KnownSsl | undefined> {
  const reading = await readLater(ssl);
  if (reading.isKnown && (reading.value ?? undefined) === undefined) return undefined;
  // Secret where the whole is, and of the resources that it comes from.
  return {
    cname: memberOf(ssl, "cname") as pulumi.Output<string>,
    certificatePem: memberOf(ssl, "certificatePem"),
    privateKeyPem: memberOf(ssl, "privateKeyPem"),
    isLegacy: reading.isKnown && reading.value?.takeOverLegacyCertificate === true,
  };
}
