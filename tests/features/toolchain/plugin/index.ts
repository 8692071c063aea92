// The Node plugin of toolchain.test.ts: a resource that echoes its text in capitals.
import * as pulumi from "@pulumi/pulumi";

class EchoProvider implements pulumi.provider.Provider {
  readonly version = "1.0.0";

  check(_urn: pulumi.URN, _olds: object, news: { text: string }) {
    return Promise.resolve({ inputs: news });
  }

  diff(_id: pulumi.ID, _urn: pulumi.URN, olds: { text: string }, news: { text: string }) {
    return Promise.resolve({ changes: olds.text !== news.text });
  }

  create(_urn: pulumi.URN, inputs: { text: string }) {
    return Promise.resolve({ id: "echo", outs: { ...inputs, echoed: inputs.text.toUpperCase() } });
  }
}

pulumi.provider.main(new EchoProvider(), process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
