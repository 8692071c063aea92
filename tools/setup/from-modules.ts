// Builds a tool from Go modules, with the digests of the committed go.sum and Go's own cache.
import { join } from "node:path";
import type { Outcome } from "./outcome";
import { withProgress, type Report, runProgram } from "../programs";

/** What to build. */
export interface GoBuild {
  /** A folder of tools/setup/go/, with go.mod and go.sum. */
  readonly folder: string;
  /** The package to build: `.` or an import path. */
  readonly package: string;
  /** Values set at link time, by qualified variable name. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Builds to `target` (a temporary path; the caller renames it). Interrupted, the next call goes on from Go's
 * build cache, which holds every package that was finished.
 */
export async function buildFromModules(
  name: string,
  build: GoBuild,
  target: string,
  report: Report,
): Promise<Outcome> {
  const cwd = join(__dirname, "go", build.folder);
  // Nothing of the user's settings may loosen the check against go.sum.
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" };
  const tags = ["-tags", "osusergo,grpcnotrace"];

  let latest = "";
  const listed = await withProgress(
    report,
    () => `Fetching the Go modules of ${name}${latest === "" ? "" : `: ${latest}`}`,
    async () => {
      let count = 0;
      const result = await runProgram("go", ["list", "-deps", ...tags, build.package], {
        cwd,
        env,
        onLine: (line) => {
          if (line.startsWith("go: ")) latest = line.slice("go: ".length);
          else count += 1;
        },
      });
      return { result, count };
    },
  );
  if (!listed.result.ok) return listed.result;

  let built = 0;
  const variables = Object.entries(build.variables).map(([key, value]) => `-X ${key}=${value}`);
  return withProgress(
    report,
    () =>
      `Building ${name} from Go modules, once: ${String(built)} of at most ${String(listed.count)} packages`,
    () =>
      runProgram(
        "go",
        [
          "build",
          "-v",
          "-trimpath",
          "-buildvcs=false",
          ...tags,
          "-ldflags",
          ["-s", "-w", ...variables].join(" "),
          "-o",
          target,
          build.package,
        ],
        {
          cwd,
          env,
          onLine: () => {
            built += 1;
          },
        },
      ),
  );
}
