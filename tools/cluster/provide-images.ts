// Makes the images that the quickstart and the tests need available in the cluster.
import { captureOutput, reportToTerminal, type Report } from "../programs";
import { findCluster, loadImage } from "./cluster";
import { digestName, importArchive, importedDigests, nameByDigest } from "./load-image";
import type { ClusterSettings } from "./core/cluster-settings";
import {
  buildImage,
  haproxyRecipe,
  nodeRecipe,
  archiveDigest,
  quickstartModelImage,
  quickstartModelRecipe,
  quickstartModelSource,
} from "../images";

/** HAProxy, Node and the quickstart's model, under the names that the pods ask for. */
export async function provideImages(report: Report = reportToTerminal): Promise<void> {
  const cluster = await findCluster();
  if (cluster.kind === "local") await provideLocally(cluster.settings, report);
  else if (cluster.kind === "kind") await provideByDocker(report);
  else report("Images: the cluster pulls them from its own registries.");
}

const recipes = [haproxyRecipe, nodeRecipe, quickstartModelRecipe];

/** Builds them without Docker into the cache, for a cluster that starts later. */
export async function buildImages(report: Report = reportToTerminal): Promise<void> {
  for (const recipe of recipes) await buildImage(recipe, report);
}

async function provideLocally(settings: ClusterSettings, report: Report): Promise<void> {
  for (const recipe of recipes) {
    const archive = await buildImage(recipe, report);
    const imported = await importedDigests(settings);
    const digest = await archiveDigest(archive);
    if (imported.get(recipe.name) !== digest) {
      report(`Loading the image ${recipe.name} …`);
      await importArchive(settings, archive);
    }
    const { standsFor } = recipe;
    if (standsFor === undefined || imported.get(digestName(standsFor)) === digest) continue;
    await nameByDigest(settings, recipe.name, standsFor);
  }
}

/** The stock images come from their registry when a pod needs them. */
async function provideByDocker(report: Report): Promise<void> {
  report(`Building ${quickstartModelImage} …`);
  await captureOutput("docker", [
    ...["build", "--quiet", "--tag", quickstartModelImage, quickstartModelSource],
  ]);
  await loadImage(quickstartModelImage);
}
