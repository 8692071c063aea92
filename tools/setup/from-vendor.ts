// Takes the CLI, its language host and plugins from Pulumi's own downloads, with their digests verified.
import { copyFile, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { download } from "./download";
import { digestOf, sha256 } from "./digest";
import type { SetUpContext } from "./install-part";
import { failed, type Outcome } from "./outcome";
import { withProgress, runProgram } from "../programs";
import { ownEnvironment } from "./pulumi-environment";
import { vendorHost } from "./vendor-reachable";
import { versions } from "./versions";

/** The folder of the CLI's archives and their checksums. */
const vendorReleases = `https://${vendorHost}/releases/sdk`;

const platforms: readonly string[] = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];

/** The CLI's archive, downloaded when its first file is asked for. */
export interface VendorArchive {
  /** Writes one of the archive's files to `temporary`. */
  take(file: string, temporary: string): Promise<Outcome>;
  /** Removes what was downloaded. */
  discard(): Promise<void>;
}

/**
 * The vendor's archive of the CLI for this machine, kept below the cache folder until it is discarded.
 * @param releases by default {@link vendorReleases}
 */
export function vendorArchive(
  cache: string,
  context: SetUpContext,
  releases = vendorReleases,
): VendorArchive {
  const folder = join(cache, "vendor-archive");
  let unpacked: Promise<Outcome> | undefined;
  return {
    async take(file, temporary) {
      unpacked ??= fetchArchive(folder, context, releases).catch(failed);
      const outcome = await unpacked;
      if (!outcome.ok) return outcome;
      try {
        await copyFile(join(folder, "pulumi", file), temporary);
        return { ok: true };
      } catch (error) {
        return failed(error);
      }
    },
    discard: () => rm(folder, { recursive: true, force: true }),
  };
}

async function fetchArchive(
  folder: string,
  context: SetUpContext,
  releases: string,
): Promise<Outcome> {
  const platform = `${process.platform}-${process.arch}`;
  if (!platforms.includes(platform)) {
    return { ok: false, reason: `there is no download for ${platform}` };
  }
  if (!(await context.isVendorReachable())) {
    return { ok: false, reason: `${vendorHost} cannot be reached from here` };
  }
  await mkdir(folder, { recursive: true });
  const name = `pulumi-${versions.pulumi}-${platform}.tar.gz`;
  const sums = join(folder, "checksums.txt");
  await download(
    `${releases}/pulumi-${versions.pulumi.slice(1)}-checksums.txt`,
    sums,
    context.report,
  );
  const wanted = digestOf(await readFile(sums, "utf8"), name);
  if (wanted === undefined) return { ok: false, reason: `the checksums have no line for ${name}` };
  const archive = join(folder, name);
  await download(`${releases}/${name}`, archive, context.report);
  const found = await sha256(archive);
  if (found !== wanted) {
    return { ok: false, reason: `${name} has SHA-256 ${found}, its checksums say ${wanted}` };
  }
  return runProgram("tar", ["-xzf", archive, "-C", folder]);
}

/**
 * Lets the CLI install a resource plugin in a PULUMI_HOME of its own, and hands over the executable.
 * @param pulumi the CLI's absolute path
 */
export async function installVendorPlugin(
  pulumi: string,
  name: string,
  version: string,
  temporary: string,
  context: SetUpContext,
): Promise<Outcome> {
  if (!(await context.isVendorReachable())) {
    return { ok: false, reason: `${vendorHost} cannot be reached from here` };
  }
  const home = `${temporary}.home`;
  const executable = `pulumi-resource-${name}`;
  await rm(home, { recursive: true, force: true });
  try {
    const installed = await withProgress(
      context.report,
      () => `Downloading the plugin ${name} ${version}`,
      () =>
        runProgram(pulumi, ["plugin", "install", "resource", name, version], {
          env: {
            ...ownEnvironment(process.env),
            PULUMI_HOME: home,
            PULUMI_SKIP_UPDATE_CHECK: "true",
          },
        }),
    );
    if (!installed.ok) return installed;
    await rename(join(home, "plugins", `resource-${name}-${version}`, executable), temporary);
    return { ok: true };
  } catch (error) {
    return failed(error);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
