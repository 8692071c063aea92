// Decides the environment in which the Pulumi CLI runs.
import { dirname, join, delimiter } from "node:path";
import { nodeExecutable } from "./stand-in";

/** What the environment is made of. */
export interface EnvironmentParts {
  /** The caller's environment; its own PULUMI_BACKEND_URL and passphrase win. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** PULUMI_HOME, absolute. */
  readonly home: string;
  /** The folder of the CLI and the language host, absolute. */
  readonly bin: string;
  /** The project's state folder, absolute. */
  readonly state: string;
  /** A folder that is emptied afterwards, absolute. */
  readonly temporary: string;
  /** Whether the vendor's plugins can be downloaded from here. */
  readonly isVendorReachable: boolean;
}

/**
 * A shell's environment without what is set there for other stacks and clusters: every `PULUMI_…` and `KUBECONFIG`.
 * For stacks of this project's own, which a user's backend, passphrase or token must not reach.
 */
export function ownEnvironment(env: EnvironmentParts["env"]): EnvironmentParts["env"] {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith("PULUMI_") && name !== "KUBECONFIG"),
  );
}

/** The folder of the local file backend. */
export function backendFolder(state: string): string {
  return join(state, "stacks");
}

/** The file that holds the passphrase of the stacks' secrets. */
export function passphraseFile(state: string): string {
  return join(state, "passphrase");
}

/**
 * The CLI's whole environment: our PULUMI_HOME, the language host and the pinned Node first on PATH, and,
 * where the user has not chosen, the local file backend and the generated passphrase (by its file's name, so
 * that no program's environment holds it). KUBECONFIG and everything else is the caller's.
 */
export function pulumiEnvironment(parts: EnvironmentParts): Record<string, string> {
  const { env, state } = parts;
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined) result[name] = value;

  result["PATH"] = [parts.bin, dirname(nodeExecutable), env["PATH"]]
    .filter((entry) => entry !== undefined && entry !== "")
    .join(delimiter);
  result["PULUMI_HOME"] = parts.home;
  // Of the CLI and its plugins (Go's os.TempDir and Node's os.tmpdir: TMPDIR, on Windows TMP and TEMP).
  for (const name of ["TMPDIR", "TMP", "TEMP"]) result[name] = parts.temporary;
  result["PULUMI_SKIP_UPDATE_CHECK"] = "true";
  // Without files of metadata beside its states: a CLI that is killed leaves them half-written, and reads no state then.
  result["PULUMI_BACKEND_URL"] ??= `file://${backendFolder(state)}?metadata=skip`;
  if (
    result["PULUMI_CONFIG_PASSPHRASE"] === undefined &&
    result["PULUMI_CONFIG_PASSPHRASE_FILE"] === undefined
  ) {
    result["PULUMI_CONFIG_PASSPHRASE_FILE"] = passphraseFile(state);
  }
  // Serializing a dynamic provider touches every module of Node, also the experimental ones.
  result["NODE_OPTIONS"] = [env["NODE_OPTIONS"], "--disable-warning=ExperimentalWarning"]
    .filter((option) => option !== undefined && option !== "")
    .join(" ");
  // Without the network a missing plugin is a sentence at once instead of minutes of retries.
  if (!parts.isVendorReachable) result["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] ??= "true";
  return result;
}
