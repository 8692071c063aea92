/** Which properties of a resource a program can write, at every depth: the SDK's type declarations say so. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { membersOf, type TypeMembers } from "../core/input-shape";

const sdk = dirname(require.resolve("@pulumi/azure-native/package.json"));
const resources = new Map<string, TypeMembers>();
const nested = new Map<string, TypeMembers>();
let declarations: string | undefined;

/** The members of a resource's arguments, each with the text of its type, for `azure-native:containerservice:AgentPool` and the like. */
export function resourceInputs(token: string): TypeMembers {
  const cached = resources.get(token);
  if (cached) return cached;
  const [, module = "", type = ""] = token.split(":");
  const file = `${type.charAt(0).toLowerCase()}${type.slice(1)}.d.ts`;
  const text = readFileSync(join(sdk, module, file), "utf8");
  const members = membersOf(text, `interface ${type}Args {`);
  resources.set(token, members);
  return members;
}

/** The members of a nested type, for `containerservice.ManagedClusterAgentPoolProfileArgs` and the like. */
export function nestedInputs(name: string): TypeMembers {
  const cached = nested.get(name);
  if (cached) return cached;
  declarations ??= readFileSync(join(sdk, "types", "input.d.ts"), "utf8");
  const [module = "", type = ""] = name.split(".");
  const start = declarations.indexOf(`export declare namespace ${module} {`);
  const members = membersOf(declarations.slice(start), `interface ${type} {`);
  nested.set(name, members);
  return members;
}
