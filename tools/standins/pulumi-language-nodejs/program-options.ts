// Reads the runtime options of Pulumi.yaml and PulumiPlugin.yaml that the vendor's host knows.
import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb";

/** The options of `runtime: { name: nodejs, options: … }` that matter to running a program. */
export interface ProgramOptions {
  /** Arguments for Node itself, before the program's. */
  readonly nodeArgs: readonly string[];
  /** Environment variables that tell @pulumi/pulumi how to load TypeScript. */
  readonly env: Readonly<Record<string, string>>;
}

/** @throws Error that names the option when it has another type than the vendor's host wants */
export function programOptions(info: ProgramInfo | undefined): ProgramOptions {
  const options: Record<string, unknown> = info?.getOptions()?.toJavaScript() ?? {};
  const { typescript = true, tsconfig, nodeargs = "" } = options;
  if (typeof typescript !== "boolean") throw new Error("typescript option must be a boolean");
  if (typeof nodeargs !== "string") throw new Error("nodeargs option must be a string");
  const env: Record<string, string> = {};
  if (typescript) env["PULUMI_NODEJS_TYPESCRIPT"] = "true";
  if (tsconfig !== undefined) {
    if (typeof tsconfig !== "string") throw new Error("tsconfig option must be a string");
    env["PULUMI_NODEJS_TSCONFIG_PATH"] = tsconfig;
  }
  return { nodeArgs: splitArguments(nodeargs), env };
}

/** Splits like a shell: at blanks, except inside single or double quotes. */
export function splitArguments(text: string): readonly string[] {
  const words = text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(
      /"([^"]*)"|'([^']*)'/g,
      (_, double?: string, single?: string) => double ?? single ?? "",
    ),
  );
}
