// The kubeconfig that AmlAksCluster gives out: examples and properties.
import assert from "node:assert/strict";
import { KubeConfig } from "@kubernetes/client-node";
import { dump, load } from "js-yaml";
import { withoutLoginPrompt } from "../../../../components/cluster/core/cluster-kubeconfig";
import { unreachableKubeconfig, withDeviceLogin } from "../../../../tools/standins/azure";

const plain = unreachableKubeconfig("prod.hcp.westeurope.azmk8s.io");
const AKS_SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** The kubeconfig that is made of another one. */
function made(kubeconfig: string): string {
  const result = withoutLoginPrompt(kubeconfig);
  assert.ok(result.ok, JSON.stringify(result));
  return result.kubeconfig;
}

/** A kubeconfig whose user runs kubelogin with these arguments. */
function withKubelogin(args: readonly string[], change: object = {}): string {
  const exec = { apiVersion: "client.authentication.k8s.io/v1beta1", command: "kubelogin", args };
  const users = [{ name: "clusterUser", user: { exec: { ...exec, ...change } } }];
  return dump({ ...(load(plain) as object), users });
}

interface Exec {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

/** The credential plugin of the current user. */
function pluginOf(kubeconfig: string): Exec {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  return config.getCurrentUser()?.exec as Exec;
}

describe("withoutLoginPrompt()", () => {
  it("leaves a kubeconfig alone that asks nobody", () => {
    assert.equal(made(plain), plain);
  });

  it("replaces a device login by a program that gets a token, and writes no token down", () => {
    const config = new KubeConfig();
    config.loadFromString(made(withDeviceLogin(plain, "tenant")));
    const exec = config.getCurrentUser()?.exec as Exec;
    assert.equal(exec.command, "node");
    assert.equal(exec.args[2], AKS_SERVER_ID);
    assert.equal(exec.env, undefined);
    assert.equal(config.getCurrentCluster()?.server, "https://prod.hcp.westeurope.azmk8s.io:443");
  });

  it("gives the same text every time", () => {
    const once = made(withDeviceLogin(plain, "tenant"));
    assert.equal(made(withDeviceLogin(plain, "tenant")), once);
    assert.equal(made(once), once);
  });

  const forms: readonly (readonly string[])[] = [
    ["get-token", "--server-id", "server"],
    ["get-token", "--server-id=server"],
    ["get-token", "-l", "interactive", "--server-id=first", "--server-id", "server"],
    ["get-token", "--login=devicecode", "--logtostderr", "--server-id", "server", "--legacy=false"],
    ["get-token", "-ldevicecode", "-v", "5", "-t", "tenant", "--server-id", "server"],
  ];
  for (const args of forms) {
    it(`asks for the application that the file says: ${args.join(" ")}`, () => {
      assert.equal(pluginOf(made(withKubelogin(args))).args[2], "server");
    });
  }

  it("knows kubelogin by its path, too", () => {
    for (const command of ["/usr/local/bin/kubelogin", "C:\\tools\\kubelogin.exe"]) {
      const given = withKubelogin(["get-token", "--server-id", "server"], { command });
      assert.equal(pluginOf(made(given)).command, "node");
    }
  });

  const clouds: readonly (readonly [readonly string[], object | undefined])[] = [
    [["-e", "AzureUSGovernmentCloud"], { name: "ARM_ENVIRONMENT", value: "usgovernment" }],
    [["--environment=AzureChinaCloud"], { name: "ARM_ENVIRONMENT", value: "china" }],
    [["--environment", "AZUREPUBLICCLOUD"], undefined],
    [["--environment", "OurOwnCloud"], undefined],
    [
      ["--authority-host", "https://login.example/"],
      { name: "AZURE_AUTHORITY_HOST", value: "https://login.example/" },
    ],
  ];
  for (const [args, variable] of clouds) {
    it(`asks the cloud that the file says: ${args.join(" ")}`, () => {
      const { env } = pluginOf(
        made(withKubelogin(["get-token", "--server-id", "server", ...args])),
      );
      assert.deepEqual(env, variable === undefined ? undefined : [variable]);
    });
  }

  it("leaves logins as they are that ask nobody", () => {
    for (const method of ["spn", "msi", "azurecli", "azd", "workloadidentity", "azurepipelines"]) {
      const given = withKubelogin(["get-token", "-l", method, "--server-id", "server"]);
      assert.equal(made(given), given);
    }
    const env = [{ name: "AAD_LOGIN_METHOD", value: "azurecli" }];
    const byVariable = withKubelogin(["get-token", "--server-id", "server"], { env });
    assert.equal(made(byVariable), byVariable);
  });

  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    [["get-token"], /without --server-id/],
    [["get-token", "--login", "devicecode"], /without --server-id/],
    [["get-token", "--server-id"], /without --server-id/],
    [["get-token", "--server-id", "--login", "devicecode"], /without --server-id/],
    [["get-token", "--server-id="], /without --server-id/],
    [["get-token", "--server-id", "server", "--legacy"], /with --legacy/],
    [["get-token", "--server-id", "server", "--pop-enabled"], /with --pop-enabled/],
    [
      ["get-token", "--server-id", "server", "-l", "magic"],
      /the login method magic, which must be/,
    ],
  ];
  for (const [args, sentence] of refused) {
    it(`refuses in one sentence: ${args.join(" ")}`, () => {
      const result = withoutLoginPrompt(withKubelogin(args));
      assert.ok(!result.ok);
      assert.match(result.reason, /^has a kubeconfig whose user clusterUser runs kubelogin /);
      assert.match(result.reason, sentence);
    });
  }
});
