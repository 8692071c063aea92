// The world as validation sees it.
import { readKubeConfig } from "../../kubernetes/io/kube-config";
import { type Surroundings } from "../../validation/kubernetes/surroundings";

/** As it is now. */
export function surroundings(): Surroundings {
  return { now: new Date(), readKubeConfig };
}
