// Whether Pulumi's dynamic provider finds this package: it is a process of its own, which imports it by its name.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** What decides, of the process that runs the program. */
export interface Program {
  /** The program's folder, absolute; the dynamic provider has the same. */
  readonly folder: string;
  /** Version of Yarn's Plug'n'Play; undefined when packages are in node_modules. */
  readonly plugAndPlay: string | undefined;
  /** NODE_OPTIONS, which the dynamic provider inherits. */
  readonly nodeOptions: string | undefined;
}

/** Why the dynamic provider can't load this package, in one sentence; undefined when it can. */
export function whyProviderLacksLibrary(program: Program): string | undefined {
  if (program.plugAndPlay !== undefined) {
    if (program.nodeOptions?.includes(".pnp.loader.mjs") === true) return undefined;
    return 'Pulumi\'s dynamic provider can\'t import aml-inference from Yarn\'s Plug\'n\'Play without its loader for ES modules: set "nodeLinker: node-modules" in .yarnrc.yml, or set "pnpEnableEsmLoader: true" there and run "yarn exec pulumi"';
  }
  if (foldersUpFrom(program.folder).some(hasLibrary)) return undefined;
  return `Pulumi's dynamic provider can't find aml-inference from ${program.folder}: add it to the dependencies of the program's own package.json, even when another package of yours uses it`;
}

function foldersUpFrom(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersUpFrom(above)];
}

function hasLibrary(folder: string): boolean {
  return existsSync(join(folder, "node_modules", "aml-inference", "package.json"));
}
