// The program of toolchain.test.ts: a dynamic resource, a Node plugin's resource, and mistakes to choose from.
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();

interface TextInputs {
  readonly text: string;
  readonly gate: string;
}

async function measure(inputs: TextInputs): Promise<TextInputs & { readonly length: number }> {
  const { existsSync, writeFileSync } = await import("node:fs");
  const reached = `${inputs.gate}.reached`;
  if (inputs.gate !== "") writeFileSync(reached, "");
  // Ends also when the test is over and its folder gone.
  while (inputs.gate !== "" && !existsSync(inputs.gate) && existsSync(reached)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { ...inputs, length: inputs.text.length };
}

const lengthProvider: pulumi.dynamic.ResourceProvider = {
  create: async (inputs: TextInputs) => ({ id: "text", outs: await measure(inputs) }),
  update: async (_id, _olds, news: TextInputs) => ({ outs: await measure(news) }),
};

class Text extends pulumi.dynamic.Resource {
  declare readonly length: pulumi.Output<number>;

  /** @param gate the file that its creation or update waits for, or `""` */
  constructor(name: string, text: string, gate: string) {
    super(lengthProvider, name, { text, gate, length: undefined });
  }
}

class Echo extends pulumi.CustomResource {
  declare readonly echoed: pulumi.Output<string>;

  constructor(name: string, text: string) {
    super("echo:index:Echo", name, { text, echoed: undefined }, { version: "1.0.0" });
  }
}

console.log(`running in ${pulumi.getStack()}`);

export const length = new Text("text", config.get("text") ?? "four", config.get("gate") ?? "")
  .length;
export const echoed = new Echo("echo", "hello").echoed;

const mistake = config.get("mistake");
if (mistake === "sentences") {
  throw new pulumi.RunError(
    "two mistakes:\n  first.path must be 1: it is 2\n  second.path is missing",
  );
}
if (mistake === "exit") process.exit(3);
