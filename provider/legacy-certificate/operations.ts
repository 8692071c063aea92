// Operations of LegacyCertificate: takes over v1's certificate once, and keeps it.
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
import { whyUnreachable } from "../engine/io/reach-cluster";

/** The pair is empty until `check` finds it; from then on it is in the state. */
export interface LegacyCertificateInputs extends PemPair {
  readonly kubeconfig: string;
  /** Host name that the certificate must cover. */
  readonly cname: string;
  /** Namespace and name of the router's own Secret, which holds the copy. */
  readonly namespace: string;
  readonly secretName: string;
}

type Inputs = LegacyCertificateInputs;

export const operations = {
  /** Validates the certificate at every preview, as if the user had given it. */
  async check(olds: Partial<Inputs>, news: Inputs): Promise<CheckResult<Inputs>> {
    const { certificatePem = "", privateKeyPem = "" } = olds;
    const kept = { certificatePem, privateKeyPem };
    if (isFound(kept)) return validated(news, { ok: true, pair: kept });
    if (hasUnknown({ ...news, cname: "" })) {
      const inputs = { ...news, certificatePem: UNKNOWN, privateKeyPem: UNKNOWN };
      return { inputs, failures: [] };
    }
    try {
      const reason = await whyUnreachable(news.kubeconfig);
      if (reason !== undefined) throw new Error(reason);
      return validated(news, await find(news));
    } catch (error) {
      // An unreachable cluster never fails a preview; the update reads again.
      console.log(`v1's certificate can't be read: ${messageOf(error)}`);
      return { inputs: news, failures: [] };
    }
  },

  /** The certificate never changes once it is taken over. */
  diff: () => Promise.resolve({ changes: false }),

  create(inputs: Inputs): Promise<CreateResult<PemPair>> {
    return inOneSentence(takeOver(inputs));
  },

  /** `diff` never asks for it, but without it an update would lose the outputs. */
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
  const remedy = "give ssl.certificatePem and ssl.privateKeyPem in its place";
  const failures = (errors: readonly ArgumentError[]) =>
    checkFailures(errors.map((each) => ({ ...each, reason: `${each.reason}; ${remedy}` })));
  if (!found.ok) {
    const reason = `can't take over v1's certificate: ${found.message}`;
    return { inputs, failures: failures([{ path: "ssl.takeOverLegacyCertificate", reason }]) };
  }
  const cname = inputs.cname === UNKNOWN ? undefined : inputs.cname;
  const errors = validateLegacyPair(cname, found.pair, new Date());
  return { inputs: { ...inputs, ...found.pair }, failures: failures(errors) };
}

function pairOf({ certificatePem, privateKeyPem }: PemPair): PemPair {
  return { certificatePem, privateKeyPem };
}

function isFound({ certificatePem, privateKeyPem }: PemPair): boolean {
  return certificatePem !== "" && privateKeyPem !== "" && !hasUnknown([certificatePem]);
}
