/** Which properties of a resource a program can write: the SDK's own class says so. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const known = new Map<string, readonly string[]>();

/** The names of the inputs of `azure-native:containerservice:ManagedCluster` and the like. */
export function sdkInputs(token: string): readonly string[] {
  const cached = known.get(token);
  if (cached) return cached;
  const [, module = "", type = ""] = token.split(":");
  const file = `${type.charAt(0).toLowerCase()}${type.slice(1)}.js`;
  const sdk = dirname(require.resolve("@pulumi/azure-native/package.json"));
  const text = readFileSync(join(sdk, module, file), "utf8");
  const assignments = text.matchAll(/resourceInputs\["(\w+)"\] = (.*);/g);
  const names = [...assignments]
    .filter(([, , value]) => value?.includes("args") === true)
    .map(([, name = ""]) => name);
  known.set(token, names);
  return names;
}
