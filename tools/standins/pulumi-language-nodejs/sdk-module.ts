// Finds the modules of @pulumi/pulumi that a program itself uses.
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * The file of a module, as a program in `folder` would load it.
 * @throws Error that says how to install it
 */
export function resolveFrom(folder: string, module: string): string {
  try {
    return createRequire(join(folder, "index.js")).resolve(module);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    const message = `It looks like the Pulumi SDK has not been installed in ${folder}. Have you run npm install?`;
    throw new Error(message, { cause: error });
  }
}
