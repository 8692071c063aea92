// `npm run outputs`: the quickstart's outputs as JSON on stdout; `-- --show-secrets` in clear. Makes nothing.
import { clusterStatus } from "../cluster";
import { reportToTerminal, runCommand } from "../programs";
import { locateStack, QuickstartStack } from "../quickstart";

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((argument) => argument !== "--show-secrets");
  if (unknown !== undefined)
    throw new Error(`The only argument is --show-secrets: it is ${unknown}`);
  const { kubeconfig } = await clusterStatus();
  const located = await locateStack(kubeconfig);
  if (located.isStale || located.state === "absent") {
    throw new Error("There is no quickstart, so it has no outputs: npm start makes it.");
  }
  if (located.state === "broken") {
    throw new Error(`The stack ${located.name.stack} can't be read: npm start makes it anew.`);
  }
  const stack = await QuickstartStack.open(located, { kubeconfig, report: reportToTerminal });
  console.log(JSON.stringify(await stack.outputs(args.length > 0), undefined, 2));
}

runCommand(() => main(process.argv.slice(2)));
