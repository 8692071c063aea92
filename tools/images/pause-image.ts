// The image of every pod's sandbox: one small static program.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { captureOutput } from "../programs";
import type { ImageRecipe } from "./image-recipe";

/** Name of the image. */
export const pauseImage = "docker.io/aml-inference/pause:1";

const source = join(__dirname, "pause");

/** Built with Go, which needs neither network nor C compiler for it. */
export const pauseRecipe: ImageRecipe = {
  name: pauseImage,
  inputs: ["main.go", "go.mod"].map((file) => readFileSync(join(source, file))),
  config: { entrypoint: ["/pause"], user: "65535:65535" },
  build: async (root) => {
    await captureOutput(
      "go",
      ["-C", source, "build", "-trimpath", "-ldflags=-s -w", "-o", join(root, "pause")],
      { env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" } },
    );
  },
};
