// Operations of ClusterProtection.
import { type ResourceOperations } from "../engine/core/resource-operations";

export interface ClusterProtectionInputs {
  readonly clusterName: string;
  readonly isProtected: boolean;
}

export const operations = {
  check: (_olds: object, news: ClusterProtectionInputs) =>
    Promise.resolve({ inputs: news, failures: [] }),

  diff(_id: string, olds: ClusterProtectionInputs, news: ClusterProtectionInputs) {
    const { clusterName, isProtected } = news;
    return Promise.resolve({
      changes: clusterName !== olds.clusterName || isProtected !== olds.isProtected,
    });
  },

  create: (inputs: ClusterProtectionInputs) =>
    Promise.resolve({ id: "protection", outs: { ...inputs } }),

  update: (_id: string, _olds: ClusterProtectionInputs, news: ClusterProtectionInputs) =>
    Promise.resolve({ outs: { ...news } }),

  /** @throws Error while the cluster is protected */
  delete(_id: string, { clusterName, isProtected }: ClusterProtectionInputs): Promise<void> {
    if (!isProtected) return Promise.resolve();
    const sentence = `cluster ${clusterName} is protected, so nothing of it was deleted: set protectCluster to false, run pulumi up, and then delete it`;
    return Promise.reject(new Error(sentence));
  },
} satisfies ResourceOperations<ClusterProtectionInputs, ClusterProtectionInputs>;
