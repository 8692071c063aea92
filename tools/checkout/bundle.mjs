// Bundles what is better one file than many, after the compiler is done.
import { build } from "esbuild";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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

// The policy pack, a package of its own: what its users import, and what Pulumi starts for each profile.
await build({
  ...options,
  entryPoints: {
    index: "policy/index.ts",
    dev: "policy/packs/dev.ts",
    prod: "policy/packs/prod.ts",
    regulated: "policy/packs/regulated.ts",
  },
  outdir: "policy/dist",
  target: "node20",
  external: ["@pulumi/*"],
});

// The Kubernetes client's thousand files take half a second to load, in every preview.
const { metafile } = await build({
  ...options,
  metafile: true,
  entryPoints: ["kubernetes/io/kube-credentials.ts"],
  outfile: "dist/kubernetes/io/kube-credentials.js",
  target: "node20",
  // Only the client's requests need it, and ours are our own (kubernetes/io/api-client.ts).
  alias: { undici: "./tools/checkout/no-undici.mjs" },
});

// What the bundle has of others, with their licenses: for the package's users, and for the release's bill of materials.
const folders = Object.keys(metafile.inputs).flatMap((file) => {
  const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file);
  return folder === null ? [] : folder;
});
const packages = [...new Set(folders)].sort().map((folder) => {
  const { name, version, license } = JSON.parse(
    readFileSync(join(root, folder, "package.json"), "utf8"),
  );
  const texts = readdirSync(join(root, folder)).filter((file) =>
    /^(licen[cs]e|notice)/i.test(file),
  );
  const notices = texts.sort().map((file) => readFileSync(join(root, folder, file), "utf8"));
  return { name, version, license, notices };
});
writeFileSync(join(root, "dist/bundles/packages.json"), `${JSON.stringify(packages, null, 2)}\n`);
