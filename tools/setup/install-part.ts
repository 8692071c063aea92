// Installs one tool: keeps it, or tries its sources in turn; every step can be interrupted and run again.
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { chooseSources, type Installed, type Source } from "./choose-sources";
import { prebuiltPlatform } from "./from-prebuilt";
import type { Outcome } from "./outcome";
import { reportToTerminal, type Report } from "../programs";
import { isVendorReachable } from "./vendor-reachable";

/** A tool that the set-up installs as one executable file. */
export interface Part {
  /** As the user knows it, e.g. "the pulumi CLI". */
  readonly title: string;
  readonly version: string;
  /** The executable's absolute path. */
  readonly path: string;
  /** How to get it, best source first: writes a temporary file, which is then renamed to `path`. */
  readonly install: ReadonlyMap<
    Exclude<Source, "stand-in">,
    (temporary: string) => Promise<Outcome>
  >;
  /** The text of the script that starts the project's stand-in; left out where there is none. */
  readonly standIn?: string;
}

/** What installing depends on. */
export interface SetUpContext {
  /** The folder of prebuilt tools, by default what AML_INFERENCE_TOOLCHAIN names. */
  readonly toolchain: string | undefined;
  readonly report: Report;
  /** Whether the vendor's downloads can be reached; by default one connection tells, once per run. */
  readonly isVendorReachable: () => Promise<boolean>;
}

/** The context with the ordinary value for everything that is left out. */
export function setUpContext(options: Partial<SetUpContext>): SetUpContext {
  return {
    toolchain: process.env["AML_INFERENCE_TOOLCHAIN"],
    report: reportToTerminal,
    isVendorReachable,
    ...options,
  };
}

/** The sources that {@link installPart} would try for the part now; none when it keeps what is there. */
export async function pendingSources(
  part: Part,
  context: SetUpContext,
): Promise<readonly Source[]> {
  return chooseSources({
    wantedVersion: part.version,
    sources: [...part.install.keys(), ...(part.standIn === undefined ? [] : ["stand-in" as const])],
    installed: await readStamp(part),
    hasPrebuilt:
      context.toolchain !== undefined && `${process.platform}-${process.arch}` === prebuiltPlatform,
    nowMs: Date.now(),
  });
}

/**
 * Makes sure that the part is there in its version. Callers hold the set-up's lock.
 * @returns where the installed part came from
 * @throws Error with every source's reason when none works
 */
export async function installPart(part: Part, context: SetUpContext): Promise<Source> {
  const temporary = `${part.path}.part`;
  await mkdir(dirname(part.path), { recursive: true });
  const reasons: string[] = [];
  for (const source of await pendingSources(part, context)) {
    await rm(temporary, { force: true, recursive: true });
    const outcome = await installFrom(part, source, temporary);
    if (outcome.ok) {
      await chmod(temporary, 0o755);
      // The stamp goes first and comes last: it never stands beside another file than its own.
      await rm(stampPath(part), { force: true });
      await rename(temporary, part.path);
      await writeStamp(part, source);
      const failures = reasons.map((reason) => ` Tried before: ${reason.split("\n", 1).join("")}.`);
      context.report(
        `Installed ${part.title} ${part.version} (${describeSource(source)}).${failures.join("")}`,
      );
      return source;
    }
    reasons.push(`${describeSource(source)}: ${outcome.reason}`);
  }
  const installed = await readStamp(part);
  if (installed?.version === part.version) return installed.source;
  throw new Error(
    [`Cannot install ${part.title} ${part.version}. Tried in turn:`, ...reasons].join("\n- "),
  );
}

async function installFrom(part: Part, source: Source, temporary: string): Promise<Outcome> {
  if (source === "stand-in") {
    await writeFile(temporary, part.standIn ?? "");
    return { ok: true };
  }
  const install = part.install.get(source);
  return install === undefined
    ? { ok: false, reason: "not a source of this tool" }
    : install(temporary);
}

const sourceWords: Readonly<Record<Source, string>> = {
  vendor: "the vendor's",
  npm: "over its npm package",
  prebuilt: "prebuilt, from AML_INFERENCE_TOOLCHAIN",
  modules: "built from Go modules",
  "stand-in": "this project's stand-in, since the vendor's cannot be had here",
};

/** A source in words for the screen. */
function describeSource(source: Source): string {
  return sourceWords[source];
}

function stampPath(part: Part): string {
  return join(dirname(part.path), `.${basename(part.path)}.stamp.json`);
}

async function writeStamp(part: Part, source: Source): Promise<void> {
  const stamp: Installed = { version: part.version, source, installedAtMs: Date.now() };
  const temporary = `${stampPath(part)}.part`;
  await writeFile(temporary, `${JSON.stringify(stamp)}\n`);
  await rename(temporary, stampPath(part));
}

/** What is installed; undefined when the executable or a readable stamp is missing. */
export async function readStamp(part: Part): Promise<Installed | undefined> {
  try {
    await stat(part.path);
    const stamp = JSON.parse(await readFile(stampPath(part), "utf8")) as Installed;
    // The script names the checkout that wrote it, which may have moved.
    const isStale =
      stamp.source === "stand-in" && (await readFile(part.path, "utf8")) !== part.standIn;
    return isStale ? undefined : stamp;
  } catch {
    return undefined;
  }
}
