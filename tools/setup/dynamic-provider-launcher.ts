// The script in PULUMI_HOME that starts dynamic providers.
import { shellQuote } from "../programs";

// The CLI holds the other end of stdin.
const endWithEngine = `data:text/javascript,process.stdin.on("end",()=>process.exit()).resume()`;

/**
 * The text of pulumi-resource-pulumi-nodejs: like the script of that name in @pulumi/pulumi it runs the
 * dynamic providers of the SDK that the program in the current folder has. Unlike it, the process ends with
 * the CLI: after a SIGKILL it would go on changing things beside the next run.
 */
export const dynamicProviderLauncher = [
  "#!/bin/sh",
  `provider=$(node -p ${shellQuote('require.resolve("@pulumi/pulumi/cmd/dynamic-provider")')}) || exit 1`,
  `exec node --import ${shellQuote(endWithEngine)} "$provider" "$@"`,
  "",
].join("\n");
