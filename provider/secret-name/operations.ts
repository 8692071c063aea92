// Operations of SecretName.
import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { hasUnknown } from "../../values/unknown";
import { type ResourceOperations } from "../engine/core/resource-operations";

export interface SecretNameInputs {
  readonly data: Readonly<Record<string, string>>;
}

export interface SecretNameOutputs extends SecretNameInputs {
  readonly suffix: string;
}

export const operations = {
  check: (_olds: object, { data }: SecretNameInputs) =>
    Promise.resolve({ inputs: { data }, failures: [] }),

  diff: (_id: string, olds: SecretNameOutputs, { data }: SecretNameInputs) =>
    Promise.resolve({ changes: hasUnknown(data) || !isDeepStrictEqual(olds.data, data) }),

  create: ({ data }: SecretNameInputs) =>
    Promise.resolve({ id: "name", outs: { data, suffix: randomSuffix() } }),

  update: (_id: string, olds: SecretNameOutputs, { data }: SecretNameInputs) => {
    // What a preview didn't know may turn out to be what it was.
    const suffix = isDeepStrictEqual(olds.data, data) ? olds.suffix : randomSuffix();
    return Promise.resolve({ outs: { data, suffix } });
  },
} satisfies ResourceOperations<SecretNameInputs, SecretNameOutputs>;

function randomSuffix(): string {
  return randomBytes(5).toString("hex");
}
