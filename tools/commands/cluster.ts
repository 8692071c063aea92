// The command `npm run cluster -- up|down|status|kubeconfig|load-image <archive or name>`.
import {
  clusterDown,
  clusterStatus,
  clusterUp,
  loadImage,
  formatStatus,
  provideImages,
} from "../cluster";
import { runCommand } from "../programs";

const usage = "npm run cluster -- up | down | status | kubeconfig | load-image <archive or name>";

async function main([command = "", argument]: readonly string[]): Promise<void> {
  switch (command) {
    case "up": {
      const { kubeconfig } = await clusterUp();
      await provideImages();
      console.log(`export KUBECONFIG=${kubeconfig}`);
      return;
    }
    case "down":
      return clusterDown();
    case "status":
      console.log(formatStatus(await clusterStatus()));
      return;
    case "kubeconfig": {
      const { state, kubeconfig } = await clusterStatus();
      if (state === "absent") throw new Error("There is no cluster: npm run cluster -- up");
      console.log(kubeconfig);
      return;
    }
    case "load-image":
      if (argument === undefined)
        throw new Error(`load-image needs an archive or a name: ${usage}`);
      return loadImage(argument);
    default:
      throw new Error(`The command must be one of: ${usage}; it is "${command}"`);
  }
}

runCommand(() => main(process.argv.slice(2)));
