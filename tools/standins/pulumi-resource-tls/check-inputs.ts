/** What is wrong with a resource's inputs, before anything is made of them. */
import { isUnknown, type PropertyMap } from "../property-value";
import { isAllowedUse } from "./allowed-uses";
import { nodeCurves } from "./key-pair";

/** One wrong input. */
export interface InputFailure {
  readonly property: string;
  readonly reason: string;
}

const algorithms = ["RSA", "ECDSA", "ED25519"];

/** Every wrong input; unknown values are not judged. */
export function checkInputs(inputs: PropertyMap): InputFailure[] {
  const failures: InputFailure[] = [];
  const judge = (property: string, isRight: (value: unknown) => boolean, legal: string) => {
    const value = inputs[property];
    if (value === undefined || value === null || isUnknown(value) || isRight(value)) return;
    failures.push({
      property,
      reason: `${property} must be ${legal}: it is ${JSON.stringify(value)}`,
    });
  };
  const isOneOf = (words: readonly string[]) => (value: unknown) => words.includes(String(value));
  const curves = Object.keys(nodeCurves);
  judge("algorithm", isOneOf(algorithms), algorithms.join(", "));
  judge("ecdsaCurve", isOneOf(curves), curves.join(", "));
  judge("rsaBits", isWholeNumber(1024), "a whole number of at least 1024");
  judge("validityPeriodHours", isWholeNumber(0), "a whole number of at least 0");
  judge("earlyRenewalHours", isWholeNumber(0), "a whole number of at least 0");
  judge("maxPathLength", isWholeNumber(0), "a whole number of at least 0");
  const uses = inputs["allowedUses"];
  for (const [index, use] of (Array.isArray(uses) ? uses : []).entries()) {
    if (isUnknown(use) || isAllowedUse(String(use))) continue;
    const property = `allowedUses[${index}]`;
    failures.push({
      property,
      reason: `${property} must be a key usage such as server_auth: it is ${JSON.stringify(use)}`,
    });
  }
  return failures;
}

function isWholeNumber(least: number): (value: unknown) => boolean {
  return (value) => Number.isInteger(value) && Number(value) >= least;
}
