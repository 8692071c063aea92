// Builds an image from its recipe without Docker and keeps the archive in the cache.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory, withProcessLock } from "../checkout";
import { withProgress, type Report } from "../programs";
import type { ImageRecipe } from "./image-recipe";
import { packOciArchive } from "./oci-archive";

/** Raise it when the way images are built changes what comes out. */
const builderVersion = "1";

/** The digest of everything that decides the image. */
function recipeDigest({ name, inputs, config }: ImageRecipe): string {
  const hash = createHash("sha256");
  for (const part of [builderVersion, name, JSON.stringify(config), ...inputs]) {
    hash.update(createHash("sha256").update(part).digest());
  }
  return hash.digest("hex");
}

/** A name of the image that can be a file's. */
const fileNameOf = (name: string): string => name.replace(/[^a-z0-9.]+/gi, "-");

/**
 * The path of the image's archive, built unless the cache has it. Archives of former inputs are removed.
 * @throws Error when a step fails; what it left is removed by the next run.
 */
export async function buildImage(recipe: ImageRecipe, report: Report): Promise<string> {
  const folder = join(cacheDirectory(), "images");
  const prefix = fileNameOf(recipe.name);
  const archive = join(folder, `${prefix}-${recipeDigest(recipe).slice(0, 16)}.tar`);
  if (existsSync(archive)) return archive;
  mkdirSync(folder, { recursive: true });
  const wait = (pid: number) =>
    report(`Process ${pid} is building ${recipe.name}; waiting for it.`);
  await withProcessLock(join(folder, `${prefix}.lock`), wait, async () => {
    if (existsSync(archive)) return;
    removeLeftovers(folder, `${prefix}.work-`);
    const work = join(folder, `${prefix}.work-${process.pid}`);
    mkdirSync(work);
    const [root, layout] = [join(work, "root"), join(work, "layout")];
    await withProgress(
      report,
      () => `Building the image ${recipe.name}`,
      async () => {
        mkdirSync(root);
        await recipe.build(root, join(work, "scratch"), report);
        await packOciArchive(root, recipe.name, recipe.config, archive, layout);
      },
    );
    rmSync(work, { recursive: true });
    for (const file of readdirSync(folder)) {
      const former = file.startsWith(`${prefix}-`) && file.endsWith(".tar");
      if (former && join(folder, file) !== archive) rmSync(join(folder, file));
    }
  });
  return archive;
}

/** A killed run's children may still write there for a moment; then the next run removes the rest. */
function removeLeftovers(folder: string, prefix: string): void {
  for (const name of readdirSync(folder).filter((name) => name.startsWith(prefix))) {
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      continue;
    }
  }
}
