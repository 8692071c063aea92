// What the LegacyCertificate resource does: takes v1's certificate over, once, and keeps it.
import type * as pulumi from "@pulumi/pulumi";
import { type ArgumentError } from "../../values/argument-error";
import { checkFailures } from "../engine/core/check-failures";
import { validateLegacyPair } from "../../validation/certificate/validate-certificate-pair";
import { type PemPair } from "../../values/pem-pair";
import { type FoundPair } from "./core/legacy-pair";
import { hasUnknown, UNKNOWN } from "../../values/unknown";
import { KubeClient } from "../../kubernetes/io/kube-client";
import { readLegacyCertificate } from "./io/read-legacy-certificate";
import { inOneSentence } from "../engine/in-one-sentence";

/** The pair is empty until `check` has found it; from then on the state keeps it. */
export interface LegacyCertificateInputs extends PemPair {
  readonly kubeconfig: string;
  /** Name that the certificate must be for. */
  readonly cname: string;
  /** Where the router's own Secret is, which keeps the copy. */
  readonly namespace: string;
  readonly secretName: string;
}

type Inputs = LegacyCertificateInputs;

/** A sentence for everything that speaks against the certificate, like one that is given, at every preview. */
export async function check(
  olds: Partial<Inputs>,
  news: Inputs,
): Promise<pulumi.dynamic.CheckResult<Inputs>> {
  const { certificatePem = "", privateKeyPem = "" } = olds;
  const kept = { certificatePem, privateKeyPem };
  if (isFound(kept)) return judged(news, { ok: true, pair: kept });
  if (hasUnknown({ ...news, cname: "" })) {
    return { inputs: { ...news, certificatePem: UNKNOWN, privateKeyPem: UNKNOWN } };
  }
  try {
    return judged(news, await find(news));
  } catch (error) {
    // A cluster that can't be asked never fails a preview; the update asks again.
    const why = error instanceof Error ? error.message : String(error);
    console.log(`v1's certificate can't be looked at: ${why}`);
    return { inputs: news };
  }
}

/** What was taken over stays. */
export function diff(): pulumi.dynamic.DiffResult {
  return { changes: false };
}

export function create(inputs: Inputs): Promise<pulumi.dynamic.CreateResult<PemPair>> {
  return inOneSentence(takeOver(inputs));
}

/** Never asked for by `diff`; a resource without it would lose its outputs in an update. */
export function update(news: Inputs): pulumi.dynamic.UpdateResult<PemPair> {
  return { outs: pairOf(news) };
}

async function takeOver(inputs: Inputs): Promise<pulumi.dynamic.CreateResult<PemPair>> {
  const id = "legacy-certificate";
  if (isFound(inputs)) return { id, outs: pairOf(inputs) };
  const checked = judged(inputs, await find(inputs));
  const reasons = checked.failures?.map(({ reason }) => reason) ?? [];
  if (checked.inputs === undefined || reasons.length > 0) throw new Error(reasons.join("\n"));
  return { id, outs: pairOf(checked.inputs) };
}

function find(inputs: Inputs): Promise<FoundPair> {
  return readLegacyCertificate(KubeClient.fromKubeConfig(inputs.kubeconfig), inputs);
}

function judged(inputs: Inputs, found: FoundPair): pulumi.dynamic.CheckResult<Inputs> {
  const wayOut = "give ssl.certificatePem and ssl.privateKeyPem in its place";
  const refused = (errors: readonly ArgumentError[]) =>
    checkFailures(errors.map((each) => ({ ...each, reason: `${each.reason}; ${wayOut}` })));
  if (!found.ok) {
    const reason = `can't take v1's certificate over: ${found.message}`;
    return { inputs, failures: refused([{ path: "ssl.takeOverLegacyCertificate", reason }]) };
  }
  const cname = inputs.cname === UNKNOWN ? undefined : inputs.cname;
  const errors = validateLegacyPair(cname, found.pair, new Date());
  return { inputs: { ...inputs, ...found.pair }, failures: refused(errors) };
}

function pairOf({ certificatePem, privateKeyPem }: PemPair): PemPair {
  return { certificatePem, privateKeyPem };
}

function isFound({ certificatePem, privateKeyPem }: PemPair): boolean {
  return certificatePem !== "" && privateKeyPem !== "" && !hasUnknown([certificatePem]);
}
