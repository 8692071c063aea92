// What the LegacyCertificate resource does: takes v1's certificate over, once, and keeps it.
import type * as pulumi from "@pulumi/pulumi";
import { checkLegacyPair } from "../../components/certificate-pair";
import { sentence } from "../../components/argument-problem";
import { type PemPair } from "../core/legacy-certificate";
import { hasUnknown, UNKNOWN } from "../core/unknown";
import { readLegacyCertificate } from "../io/find-leftovers";
import { KubeClient } from "../io/kube-client";
import { inOneSentence } from "./in-one-sentence";

export interface LegacyCertificateInputs {
  readonly kubeconfig: string;
  /** Name that the certificate must be for. */
  readonly cname: string;
  /** Where the router's own Secret is, which keeps the copy. */
  readonly namespace: string;
  readonly secretName: string;
}

/** Before it is taken over: a sentence for everything that speaks against it. Afterwards its source may go. */
export async function check(
  olds: Partial<LegacyCertificateInputs>,
  news: LegacyCertificateInputs,
): Promise<pulumi.dynamic.CheckResult<LegacyCertificateInputs>> {
  const taken = olds.kubeconfig !== undefined;
  if (taken || hasUnknown({ ...news, cname: "" })) return { inputs: news };
  try {
    const { problems } = await read(news);
    return { inputs: news, failures: problems.map((reason) => ({ property: "", reason })) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.log(`v1's certificate can't be looked at: ${why}`);
    return { inputs: news };
  }
}

/** What was taken over stays. */
export function diff(): pulumi.dynamic.DiffResult {
  return { changes: false };
}

export function create(
  inputs: LegacyCertificateInputs,
): Promise<pulumi.dynamic.CreateResult<PemPair>> {
  return inOneSentence(takeOver(inputs));
}

/** Never asked for by `diff`; a resource without it would lose its outputs in an update. */
export function update(olds: PemPair): pulumi.dynamic.UpdateResult<PemPair> {
  return { outs: { certificatePem: olds.certificatePem, privateKeyPem: olds.privateKeyPem } };
}

async function takeOver(inputs: LegacyCertificateInputs) {
  const { pair, problems } = await read(inputs);
  if (pair === undefined || problems.length > 0) throw new Error(problems.join("\n"));
  return { id: "legacy-certificate", outs: pair };
}

async function read(inputs: LegacyCertificateInputs): Promise<{
  readonly pair?: PemPair;
  readonly problems: readonly string[];
}> {
  const found = await readLegacyCertificate(KubeClient.fromKubeConfig(inputs.kubeconfig), inputs);
  if (!found.ok) {
    const what = "ssl.takeOverLegacyCertificate can't take v1's certificate over";
    return { problems: [`${what}: ${found.message}; give certificatePem and privateKeyPem`] };
  }
  const cname = inputs.cname === UNKNOWN ? undefined : inputs.cname;
  const problems = checkLegacyPair(cname, found.pair, new Date()).map(sentence);
  return { pair: found.pair, problems };
}
