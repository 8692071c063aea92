// Where the project keeps what it makes: the cache (can be deleted at any time) and the state (must not be).
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** The checkout's top folder, absolute. */
export const projectRoot = resolve(__dirname, "..", "..");

type Environment = Readonly<Record<string, string | undefined>>;

/** Set-up tools and downloads: `$XDG_CACHE_HOME/aml-inference`, by default `~/.cache/aml-inference`. */
export function cacheDirectory(env: Environment = process.env): string {
  return join(baseDirectory(env, "XDG_CACHE_HOME", ".cache"), "aml-inference");
}

/** Pulumi's stacks, the passphrase, the local cluster's data: `$XDG_STATE_HOME/aml-inference`, by default `~/.local/state/aml-inference`. */
export function stateDirectory(env: Environment = process.env): string {
  return join(baseDirectory(env, "XDG_STATE_HOME", join(".local", "state")), "aml-inference");
}

// The XDG base directory specification: a relative or empty value counts as unset.
function baseDirectory(env: Environment, variable: string, fallback: string): string {
  const value = env[variable];
  if (value !== undefined && isAbsolute(value)) return value;
  return join(env.HOME ?? homedir(), fallback);
}
