// Reads how a kubeconfig's user runs kubelogin, AKS's credential plugin.
import { type CloudName, cloudNamed } from "../../../azure/core/azure-access";
import { isRecord } from "../../../values/is-record";

/** What kubelogin asks a token for, and from which cloud. */
export interface EntraLogin {
  /** The application that accepts the token: the cluster's API server. */
  readonly serverId: string;
  /** Undefined: the one that the variables of the process name, which is the public one by default. */
  readonly cloud?: Exclude<CloudName, "public">;
  /** Base address of Microsoft Entra; undefined: the cloud's. */
  readonly authority?: string;
}

export type KubeloginReading =
  /** Another credential, or a login that asks nobody: it stays as it is. */
  | { readonly kind: "kept" }
  | { readonly kind: "interactive"; readonly login: EntraLogin }
  /** `reason` follows "runs kubelogin". */
  | { readonly kind: "refused"; readonly reason: string };

// github.com/Azure/kubelogin, docs/book/src/cli/get-token.md and pkg/internal/token/options.go.
const INTERACTIVE = ["devicecode", "interactive"];
const UNATTENDED = ["spn", "ropc", "msi", "azurecli", "azd", "workloadidentity", "azurepipelines"];
const DEFAULT_LOGIN = "devicecode";
const LOGIN_VARIABLE = "AAD_LOGIN_METHOD";
const VALUES = ["server-id", "environment", "login", "authority-host"];
const SHORT: Readonly<Record<string, string>> = { e: "environment", l: "login" };
const SWITCHES = ["legacy", "pop-enabled", "disable-environment-override"];

/** @param user the `user` of one entry of a kubeconfig's `users` */
export function readKubelogin(user: unknown): KubeloginReading {
  const exec = isRecord(user) && isRecord(user["exec"]) ? user["exec"] : {};
  const command = String(exec["command"]).split(/[\\/]/).at(-1);
  if (command !== "kubelogin" && command !== "kubelogin.exe") return { kind: "kept" };
  const args: readonly unknown[] = Array.isArray(exec["args"]) ? exec["args"] : [];
  const flags = readFlags(args.map(String));
  const ofVariable = flags["disable-environment-override"] ? "" : loginVariable(exec["env"]);
  const method = ofVariable || (flags["login"] ?? DEFAULT_LOGIN);
  if (UNATTENDED.includes(method)) return { kind: "kept" };
  if (!INTERACTIVE.includes(method)) {
    const known = [...INTERACTIVE, ...UNATTENDED].join(", ");
    return refused(`with the login method ${method}, which must be one of ${known}`);
  }
  for (const name of ["legacy", "pop-enabled"]) {
    if (flags[name]) return refused(`with --${name}, whose tokens need a person who logs in`);
  }
  const serverId = flags["server-id"] ?? "";
  if (serverId === "" || serverId.startsWith("-")) {
    return refused("without --server-id, the application that its tokens are for");
  }
  const cloud = cloudNamed(flags["environment"] ?? "public");
  const authority = flags["authority-host"];
  const login = {
    serverId,
    ...(cloud === undefined || cloud === "public" ? {} : { cloud }),
    ...(authority === undefined ? {} : { authority }),
  };
  return { kind: "interactive", login };
}

function refused(reason: string): KubeloginReading {
  return { kind: "refused", reason };
}

/**
 * The flags that matter, as kubelogin's parser (spf13/pflag) reads them: `--name value`, `--name=value`, `-n value`,
 * `-n=value` or `-nvalue`; of several the last. A switch that is on is `true`, one that is off is empty.
 */
function readFlags(args: readonly string[]): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [index, argument] of args.entries()) {
    const long = /^--([^=]+)(?:=(.*))?$/s.exec(argument);
    const short = /^-([a-z])=?(.+)?$/s.exec(argument);
    const name = long?.[1] ?? SHORT[short?.[1] ?? ""] ?? "";
    const attached = long === null ? short?.[2] : long[2];
    if (SWITCHES.includes(name)) found[name] = isOff(attached) ? "" : "true";
    else if (VALUES.includes(name)) found[name] = attached ?? args[index + 1] ?? "";
  }
  return found;
}

function isOff(value: string | undefined): boolean {
  return ["0", "f", "false"].includes(value?.toLowerCase() ?? "");
}

function loginVariable(env: unknown): string {
  const variables: readonly unknown[] = Array.isArray(env) ? env : [];
  const login = variables.find((each) => isRecord(each) && each["name"] === LOGIN_VARIABLE);
  return isRecord(login) && typeof login["value"] === "string" ? login["value"] : "";
}
