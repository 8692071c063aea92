// Lists the resource plugins that the packages below a program's node_modules ask for.
import { readdir, readFile, realpath } from "node:fs/promises";
import { join } from "node:path";

/** A plugin that a package needs. */
export interface RequiredPackage {
  readonly name: string;
  /** With a leading `v`. */
  readonly version: string;
  /** Where to download it when not from the vendor. */
  readonly server: string;
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly pulumi?: {
    readonly resource?: boolean;
    readonly name?: string;
    readonly version?: string;
    readonly server?: string;
  };
}

/** Reads node_modules of the folder, and those nested in it; a package that cannot be read needs nothing. */
export async function requiredPackages(folder: string): Promise<readonly RequiredPackage[]> {
  const found = new Map<string, RequiredPackage>();
  await visit(join(folder, "node_modules"), found, new Set());
  return [...found.values()];
}

async function visit(
  modules: string,
  found: Map<string, RequiredPackage>,
  seen: Set<string>,
): Promise<void> {
  const real = await realpath(modules).catch(() => undefined);
  if (real === undefined || seen.has(real)) return;
  seen.add(real);
  for (const name of await readdir(real)) {
    if (name.startsWith(".")) continue;
    const path = join(real, name);
    const packages = name.startsWith("@")
      ? (await readdir(path)).map((scoped) => join(path, scoped))
      : [path];
    for (const folder of packages) {
      const required = requiredBy(await readManifest(folder));
      if (required !== undefined) found.set(`${required.name} ${required.version}`, required);
      await visit(join(folder, "node_modules"), found, seen);
    }
  }
}

/** The plugin that a package.json asks for, if any. */
export function requiredBy(manifest: Manifest): RequiredPackage | undefined {
  const { pulumi } = manifest;
  if (pulumi?.resource !== true) return undefined;
  const name = pulumi.name ?? manifest.name?.replace(/^@pulumi\//, "");
  const version = pulumi.version ?? manifest.version;
  if (name === undefined || name.startsWith("@") || version === undefined) return undefined;
  return { name, version: `v${version.replace(/^v/, "")}`, server: pulumi.server ?? "" };
}

async function readManifest(folder: string): Promise<Manifest> {
  try {
    return JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
  } catch {
    return {};
  }
}
