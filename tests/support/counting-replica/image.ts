// Makes the counting replica available as an image in the cluster.
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { captureOutput } from "../../../tools/programs";
import { findCluster, loadImage } from "../../../tools/cluster";
import { buildImage, nodeRecipe } from "../../../tools/images";

const script = join(__dirname, "server.mjs");

/**
 * Builds and loads the image.
 * @param tag images with different tags are different to Kubernetes, and the same inside
 * @returns the image's name
 */
export async function provideCountingReplica(tag: string): Promise<string> {
  const name = `docker.io/aml-inference/counting-replica:${tag}`;
  if ((await findCluster()).kind === "kind") {
    await captureOutput("docker", ["build", "--quiet", "--tag", name, __dirname]);
    await loadImage(name);
    return name;
  }
  const archive = await buildImage(
    {
      name,
      inputs: [...nodeRecipe.inputs, readFileSync(script)],
      config: { ...nodeRecipe.config, cmd: ["node", "/server.mjs"], user: "1000:1000" },
      build: async (root, scratch, report) => {
        await nodeRecipe.build(root, scratch, report);
        copyFileSync(script, join(root, "server.mjs"));
      },
    },
    () => undefined,
  );
  await loadImage(archive);
  return name;
}
