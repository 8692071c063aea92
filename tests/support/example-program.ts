// Makes a stack's program one of the examples, as a user copies it: its files, and the settings that Pulumi.yaml describes.
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../tools/checkout";
import { expectSuccess, finished, type Stack } from "./stack";

/** The example's types are the compiler's business (`npm run check`), not every command's. */
export const EXAMPLE_ENVIRONMENT = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

/** The project keeps its name, which the stack's state is found by. */
export async function useExample(stack: Stack, name: string): Promise<void> {
  const folder = join(projectRoot, "examples", name);
  const project = await readFile(join(stack.folder, "Pulumi.yaml"), "utf8");
  const ownName = /^name: .*$/m.exec(project)?.[0] ?? "";
  for (const file of await readdir(folder)) {
    if (file.endsWith(".ts")) await copyFile(join(folder, file), join(stack.folder, file));
  }
  const described = await readFile(join(folder, "Pulumi.yaml"), "utf8");
  await writeFile(join(stack.folder, "Pulumi.yaml"), described.replace(/^name: .*$/m, ownName));
  await copyFile(join(folder, "package.json"), join(stack.folder, "package.json"));
}

/** `pulumi config set-all`. */
export async function configure(
  stack: Stack,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const plain = Object.entries(settings).flatMap(([key, value]) => [
    "--plaintext",
    `${key}=${value}`,
  ]);
  await expectSuccess(
    finished(await stack.start(["config", "set-all", "--stack", "test", ...plain])),
  );
}
