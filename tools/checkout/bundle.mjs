// Bundles what is better one file than many, after the compiler is done.
import { build } from "esbuild";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

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

// The agent and the autoscaler, which the releases carry to the cluster: dist/bundles/<name>.cjs.br.
const { outputFiles } = await build({
  ...options,
  entryPoints: { router: "serving/router/main.ts", autoscaler: "serving/autoscaler/main.ts" },
  outdir: "dist/bundles",
  outExtension: { ".js": ".cjs" },
  target: "node24",
  write: false,
});
const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 22 };
await mkdir(join(root, "dist", "bundles"), { recursive: true });
for (const { path, contents } of outputFiles) {
  await writeFile(`${path}.br`, brotliCompressSync(contents, { params }));
}

// The Kubernetes client's thousand files take half a second to load, in every preview.
await build({
  ...options,
  entryPoints: ["kubernetes/io/kube-credentials.ts"],
  outfile: "dist/kubernetes/io/kube-credentials.js",
  target: "node20",
});
