// Holds the lines between the folders: who may import whom (ARCHITECTURE.md, "Invariants").
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const root = join(__dirname, "..", "..");
/** Import and export statements, and imports inside functions; not what stands in the text of another program. */
const IMPORT = /(?:^(?:import|export)\s[^"';]*?from\s+|^import\s+|\bimport\()["']([^"']+)["']/gm;

/** The modules that a file imports: paths relative to the project for its own files, package names for the rest. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(IMPORT)].flatMap(([, target]) => {
    if (target === undefined) return [];
    return target.startsWith(".") ? normalize(join(dirname(file), target)) : target;
  });
}

/** Every import of the files that match, as `file → import`, for those that `forbidden` names. */
function violations(
  pattern: string,
  forbidden: (imported: string, file: string) => boolean,
): string[] {
  const files = globSync(pattern, { cwd: root, exclude: ["node_modules/**", "dist/**"] });
  assert.notEqual(files.length, 0, `no file matches ${pattern}`);
  return files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => forbidden(imported, file))
      .map((imported) => `${file} → ${imported}`),
  );
}

describe("The folders", () => {
  it("serving/ imports neither Pulumi nor the folders above it", () => {
    const foreign = /^(@pulumi\/|components\/|provider\/|policy\/|tools\/|examples\/)/;
    assert.deepEqual(
      violations("serving/**/*.ts", (imported) => foreign.test(imported)),
      [],
    );
  });

  it("components/ takes from serving/ only the contracts and what the routers and the autoscaler need of a cluster", () => {
    const allowed =
      /^serving\/((model-endpoint|metrics-channel)\/|(router|autoscaler)\/core\/environment$)/;
    assert.deepEqual(
      violations(
        "components/**/*.ts",
        (imported) => imported.startsWith("serving/") && !allowed.test(imported),
      ),
      [],
    );
  });

  it("core/ imports only core/, and the types that every part shares", () => {
    const shared = /^serving\/((model-endpoint|metrics-channel)\/|kubernetes\/endpoint-slice$)/;
    assert.deepEqual(
      violations("{serving,provider}/**/core/**/*.ts", (imported) => {
        return (
          !/(^|\/)core(\/|$)/.test(imported) && !shared.test(imported) && imported !== "node:crypto"
        );
      }),
      [],
    );
  });

  it("core/ reads no clock, no environment, no chance, and writes to no console", () => {
    const impure =
      /\b(Date\.now\(|new Date\(\)|Math\.random\(|process\.|console\.|performance\.now\()/;
    const files = globSync("{serving,provider}/**/core/**/*.ts", { cwd: root });
    const impureFiles = files.filter((file) => impure.test(readFileSync(join(root, file), "utf8")));
    assert.deepEqual(impureFiles, []);
  });

  it("dynamic resources import the library only inside their methods", () => {
    const shells = globSync("provider/*.ts", { cwd: root });
    assert.notEqual(shells.length, 0);
    const heavy = violations("provider/*.ts", (imported) => /^provider\/io\//.test(imported));
    assert.deepEqual(heavy, []);
  });
});
