// The rule for a kubeconfig, of which nothing is shown.
import { text } from "../../values/argument-rules";
import { type ArgumentRule } from "../../values/argument-table";
import { type Surroundings } from "./surroundings";

const filled = text({ required: true, secret: true });

export const kubeconfig: ArgumentRule<Surroundings> = {
  ...filled,
  find(path, value, { readKubeConfig }) {
    if (typeof value !== "string" || value === "") return filled.find(path, value, undefined);
    const read = readKubeConfig(value);
    return read.ok ? [] : [{ path, reason: read.message.replace(/^kubeconfig /, "") }];
  },
};
