// Puts the Pulumi CLI, its Node language host and the plugins into one PULUMI_HOME.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheDirectory, withProcessLock } from "../checkout";
import type { Source } from "./choose-sources";
import { dynamicProviderLauncher } from "./dynamic-provider-launcher";
import { buildFromModules } from "./from-modules";
import { unpackPrebuilt } from "./from-prebuilt";
import { installVendorPlugin, vendorArchive, type VendorArchive } from "./from-vendor";
import {
  installPart,
  pendingSources,
  readStamp,
  setUpContext,
  type Part,
  type SetUpContext,
} from "./install-part";
import { failed } from "./outcome";
import { standInLauncher } from "./stand-in";
import { versions } from "./versions";

/** Where to install and how to tell; each has the ordinary default. */
/** Where the CLI and its plugins are, absolute. */
export function pulumiHomeFolder(cache: string = cacheDirectory()): string {
  return join(cache, "pulumi-home");
}

export interface PulumiHomeOptions extends Partial<SetUpContext> {
  /** Default: {@link cacheDirectory}. */
  readonly cache?: string;
}

/** A complete PULUMI_HOME. */
export interface PulumiHome {
  /** The value of PULUMI_HOME. */
  readonly folder: string;
  /** Its executables: the CLI and what has to be beside it or on PATH. */
  readonly bin: string;
  /** The CLI's absolute path. */
  readonly pulumi: string;
  /** Where each part came from, by the name of its executable. */
  readonly sources: Readonly<Record<string, Source>>;
}

/**
 * Makes sure of a complete PULUMI_HOME below the cache folder. The CLI built from Go modules takes some
 * minutes, once.
 * @throws Error with each source's reason when a part cannot be had
 */
export async function ensurePulumi(options: PulumiHomeOptions = {}): Promise<PulumiHome> {
  const cache = options.cache ?? cacheDirectory();
  const context = setUpContext(options);
  const folder = pulumiHomeFolder(cache);
  const archive = vendorArchive(cache, context);
  const parts = pulumiParts(folder, context, archive);
  if (!(await isComplete(parts, context))) {
    const wait = (pid: number) => {
      context.report(`Process ${String(pid)} is setting up Pulumi; waiting for it.`);
    };
    await withProcessLock(join(cache, "pulumi.lock"), wait, async () => {
      // One after the other: the plugins' vendor source runs the CLI.
      for (const part of parts) await installPart(part, context);
      await archive.discard();
    });
  }
  const sources: Record<string, Source> = {};
  for (const part of parts) {
    const stamp = await readStamp(part);
    if (stamp !== undefined) sources[part.title] = stamp.source;
  }
  const bin = join(folder, "bin");
  return { folder, bin, pulumi: join(bin, "pulumi"), sources };
}

/** Whether the PULUMI_HOME below the cache folder is complete, wherever its parts came from. */
export async function isPulumiInstalled(options: PulumiHomeOptions = {}): Promise<boolean> {
  const cache = options.cache ?? cacheDirectory();
  const context = setUpContext(options);
  const parts = pulumiParts(pulumiHomeFolder(cache), context, vendorArchive(cache, context));
  const stamps = await Promise.all(parts.map(readStamp));
  return parts.every((part, index) => stamps[index]?.version === part.version);
}

async function isComplete(parts: readonly Part[], context: SetUpContext): Promise<boolean> {
  for (const part of parts) {
    if ((await pendingSources(part, context)).length > 0) return false;
  }
  return true;
}

/** The parts of a PULUMI_HOME, in the order in which they are installed. */
function pulumiParts(
  folder: string,
  context: SetUpContext,
  archive: VendorArchive,
): readonly Part[] {
  const bin = join(folder, "bin");
  const pulumi = join(bin, "pulumi");
  return [
    cli(pulumi, context, archive),
    dynamicProviderScript(bin),
    languageHost(bin, context, archive),
    plugin("kubernetes", versions.kubernetesPlugin, folder, pulumi, context),
    plugin("tls", versions.tlsPlugin, folder, pulumi, context),
  ];
}

function cli(path: string, context: SetUpContext, archive: VendorArchive): Part {
  const name = "pulumi";
  const build = {
    folder: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    variables: {
      "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": versions.pulumi,
    },
  };
  return {
    title: name,
    version: versions.pulumi,
    path,
    install: new Map([
      ["vendor", (temporary: string) => archive.take(name, temporary)],
      ["prebuilt", (temporary: string) => unpackPrebuilt(context.toolchain, name, temporary)],
      ["modules", (temporary: string) => buildFromModules(name, build, temporary, context.report)],
    ]),
  };
}

// The CLI looks for it beside itself.
function dynamicProviderScript(bin: string): Part {
  const name = "pulumi-resource-pulumi-nodejs";
  return {
    title: name,
    version: versions.pulumi,
    path: join(bin, name),
    install: new Map([
      [
        "npm",
        (temporary: string) =>
          writeFile(temporary, dynamicProviderLauncher).then(() => ({ ok: true }) as const, failed),
      ],
    ]),
  };
}

function languageHost(bin: string, context: SetUpContext, archive: VendorArchive): Part {
  const name = "pulumi-language-nodejs";
  return {
    title: name,
    version: versions.pulumi,
    path: join(bin, name),
    install: new Map([
      ["vendor", (temporary: string) => archive.take(name, temporary)],
      ["prebuilt", (temporary: string) => unpackPrebuilt(context.toolchain, name, temporary)],
    ]),
    standIn: standInLauncher(name, versions.pulumi),
  };
}

function plugin(
  name: string,
  version: string,
  folder: string,
  pulumi: string,
  context: SetUpContext,
): Part {
  const executable = `pulumi-resource-${name}`;
  return {
    title: executable,
    version,
    path: join(folder, "plugins", `resource-${name}-${version}`, executable),
    install: new Map([
      [
        "vendor",
        (temporary: string) => installVendorPlugin(pulumi, name, version, temporary, context),
      ],
      ["prebuilt", (temporary: string) => unpackPrebuilt(context.toolchain, executable, temporary)],
    ]),
    standIn: standInLauncher(executable, version),
  };
}
