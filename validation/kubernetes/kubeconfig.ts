// The argument rule of a kubeconfig, a secret that errors do not contain.
import { text } from "../../values/argument-rules";
import { type ArgumentRule } from "../../values/argument-table";
import { type Surroundings } from "./surroundings";

const nonEmpty = text({ required: true, secret: true });

export const kubeconfig: ArgumentRule<Surroundings> = {
  ...nonEmpty,
  find(path, value, { readKubeConfig }) {
    if (typeof value !== "string" || value === "") return nonEmpty.find(path, value, undefined);
    const read = readKubeConfig(value);
    return read.ok ? [] : [{ path, reason: read.message.replace(/^kubeconfig /, "") }];
  },
};
