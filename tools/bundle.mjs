// Bundles the agent and the autoscaler into one file each, which the releases carry to the cluster: dist/bundles/<name>.cjs.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

await build({
  absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
  entryPoints: { router: "serving/router/main.ts", autoscaler: "serving/autoscaler/main.ts" },
  outdir: "dist/bundles",
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  target: "node24",
  format: "cjs",
  // Names stay, so that a stack trace in the cluster's log can be read.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  logLevel: "warning",
});
