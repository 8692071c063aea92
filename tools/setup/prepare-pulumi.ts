// Makes the Pulumi CLI ready to run: installed, with a backend, a passphrase and the right environment.
import { randomBytes } from "node:crypto";
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { stateDirectory } from "../checkout";
import { setUpContext } from "./install-part";
import {
  backendFolder,
  type EnvironmentParts,
  passphraseFile,
  pulumiEnvironment,
} from "./pulumi-environment";
import { temporaryFolder } from "./temporary-folder";
import { ensurePulumi, type PulumiHome, type PulumiHomeOptions } from "./pulumi-home";

/** A CLI that is ready to run. */
export interface PulumiCommand {
  /** The CLI's absolute path. */
  readonly pulumi: string;
  /** The whole environment to run it in. */
  readonly env: Record<string, string>;
  readonly home: PulumiHome;
}

/** Where its parts are kept; each has the ordinary default. */
export interface PrepareOptions extends PulumiHomeOptions {
  /** Default: {@link stateDirectory}. */
  readonly state?: string;
  /** The environment that the CLI's is made of; default: this process's. */
  readonly env?: EnvironmentParts["env"];
}

/**
 * Installs what is missing and makes the state folder with the file backend and the passphrase.
 * @throws Error when a part of the PULUMI_HOME cannot be had
 */
export async function preparePulumi(options: PrepareOptions = {}): Promise<PulumiCommand> {
  const state = options.state ?? stateDirectory();
  const home = await ensurePulumi(options);
  await mkdir(backendFolder(state), { recursive: true, mode: 0o700 });
  await ensurePassphrase(passphraseFile(state));
  const env = pulumiEnvironment({
    env: options.env ?? process.env,
    home: home.folder,
    bin: home.bin,
    state,
    temporary: temporaryFolder(state),
    isVendorReachable: await setUpContext(options).isVendorReachable(),
  });
  return { pulumi: home.pulumi, env, home };
}

// Never replaced: the stacks' secrets can be read with this one only.
async function ensurePassphrase(path: string): Promise<void> {
  const temporary = `${path}.${String(process.pid)}`;
  await writeFile(temporary, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}
