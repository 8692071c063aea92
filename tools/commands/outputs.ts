// `npm run outputs`: the quickstart's outputs as JSON on stdout; `-- --show-secrets` in clear.
import { QuickstartStack } from "../quickstart";

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((argument) => argument !== "--show-secrets");
  if (unknown !== undefined)
    throw new Error(`The only argument is --show-secrets: it is ${unknown}`);
  const stack = await QuickstartStack.open();
  console.log(JSON.stringify(await stack.outputs(args.length > 0), undefined, 2));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
