// The policy pack of toolchain.test.ts: a rule on dynamic resources that also reads the stack's configuration.
import * as pulumi from "@pulumi/pulumi";
import { PolicyPack } from "@pulumi/policy";

new PolicyPack("toolchain", {
  policies: [
    {
      name: "short-text",
      description: "Texts are short.",
      enforcementLevel: "mandatory",
      validateResource: ({ type, props }, report) => {
        const limit = new pulumi.Config("toolchain").requireNumber("limit");
        const { length } = String(props["text"]);
        if (type.startsWith("pulumi-nodejs:dynamic") && length > limit) {
          report(
            `${String(length)} of at most ${String(limit)} characters in ${pulumi.getStack()}`,
          );
        }
      },
    },
  ],
});
