// The environment that validation depends on: the time, and the files of a kubeconfig.
import { readKubeConfig } from "../../kubernetes/io/kube-config";
import { type Surroundings } from "../../validation/kubernetes/surroundings";

/** The current time, and kubeconfigs as this machine reads them. */
export function surroundings(): Surroundings {
  return { now: new Date(), readKubeConfig };
}
