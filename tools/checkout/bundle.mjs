// Bundles what is better one file than many, after the compiler is done.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const options = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "cjs",
  // Names stay, so that a stack trace can be read.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  logLevel: "warning",
};

// The agent and the autoscaler, which the releases carry to the cluster: dist/bundles/<name>.cjs.
await build({
  ...options,
  entryPoints: { router: "serving/router/main.ts", autoscaler: "serving/autoscaler/main.ts" },
  outdir: "dist/bundles",
  outExtension: { ".js": ".cjs" },
  target: "node24",
});

// The Kubernetes client's thousand files take half a second to load, in every preview.
await build({
  ...options,
  entryPoints: ["kubernetes/io/kube-credentials.ts"],
  outfile: "dist/kubernetes/io/kube-credentials.js",
  target: "node20",
  // Only the client's requests need it, and ours are our own (kubernetes/io/api-client.ts).
  alias: { undici: "./tools/checkout/no-undici.mjs" },
});
