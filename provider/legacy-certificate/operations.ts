// What the LegacyCertificate resource does: takes v1's certificate over, once, and keeps it.
import { type ArgumentError } from "../../values/argument-error";
import { checkFailures } from "../engine/core/check-failures";
import { validateLegacyPair } from "../../validation/certificate/validate-certificate-pair";
import { messageOf } from "../../values/message-of";
import { type PemPair } from "../../values/pem-pair";
import { type FoundPair } from "./core/legacy-pair";
import { hasUnknown, UNKNOWN } from "../../values/unknown";
import { KubeClient } from "../../kubernetes/io/kube-client";
import { readLegacyCertificate } from "./io/read-legacy-certificate";
import {
  type CheckResult,
  type CreateResult,
  type ResourceOperations,
} from "../engine/core/resource-operations";
import { formerFunctions } from "../engine/former-shells";
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

export const operations = {
  /** A sentence for everything that speaks against the certificate, like one that is given, at every preview. */
  async check(olds: Partial<Inputs>, news: Inputs): Promise<CheckResult<Inputs>> {
    const { certificatePem = "", privateKeyPem = "" } = olds;
    const kept = { certificatePem, privateKeyPem };
    if (isFound(kept)) return validated(news, { ok: true, pair: kept });
    if (hasUnknown({ ...news, cname: "" })) {
      const inputs = { ...news, certificatePem: UNKNOWN, privateKeyPem: UNKNOWN };
      return { inputs, failures: [] };
    }
    try {
      return validated(news, await find(news));
    } catch (error) {
      // A cluster that can't be asked never fails a preview; the update asks again.
      console.log(`v1's certificate can't be looked at: ${messageOf(error)}`);
      return { inputs: news, failures: [] };
    }
  },

  /** What was taken over stays. */
  diff: () => Promise.resolve({ changes: false }),

  create(inputs: Inputs): Promise<CreateResult<PemPair>> {
    return inOneSentence(takeOver(inputs));
  },

  /** Never asked for by `diff`; a resource without it would lose its outputs in an update. */
  update(_id: string, _olds: PemPair, news: Inputs) {
    return Promise.resolve({ outs: pairOf(news) });
  },
} satisfies ResourceOperations<Inputs, PemPair>;

export const { check, diff, create, update } = formerFunctions(operations);

async function takeOver(inputs: Inputs): Promise<CreateResult<PemPair>> {
  const id = "legacy-certificate";
  if (isFound(inputs)) return { id, outs: pairOf(inputs) };
  const checked = validated(inputs, await find(inputs));
  const reasons = checked.failures.map(({ reason }) => reason);
  if (reasons.length > 0) throw new Error(reasons.join("\n"));
  return { id, outs: pairOf(checked.inputs) };
}

function find(inputs: Inputs): Promise<FoundPair> {
  return readLegacyCertificate(KubeClient.fromKubeConfig(inputs.kubeconfig), inputs);
}

function validated(inputs: Inputs, found: FoundPair): CheckResult<Inputs> {
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
