// AmlAksCluster with Microsoft Entra: the kubeconfig's own program gets a token with nobody at the screen.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { KubeConfig } from "@kubernetes/client-node";
import { withoutLoginPrompt } from "../../components/cluster/core/cluster-kubeconfig";
import { projectRoot } from "../../tools/checkout";
import {
  unreachableKubeconfig,
  withDeviceLogin,
  type Azure,
  startAzure,
} from "../../tools/standins/azure";

const SECRET = "made-up-client-secret-51c0";

interface Exec {
  readonly command: string;
  readonly args: readonly string[];
}

/** The program of the kubeconfig that the component makes of AKS's own. */
function tokenProgram(): Exec {
  const config = new KubeConfig();
  const given = withDeviceLogin(unreachableKubeconfig("prod.hcp.westeurope.azmk8s.io"), "tenant");
  const made = withoutLoginPrompt(given);
  assert.ok(made.ok);
  config.loadFromString(made.kubeconfig);
  return config.getCurrentUser()?.exec as Exec;
}

async function run({ command, args }: Exec, env: NodeJS.ProcessEnv) {
  const child = spawn(command, args, { cwd: projectRoot, env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code: child.exitCode, stdout, stderr };
}

describe("AmlAksCluster with Entra", () => {
  let azure: Azure;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  before(async () => {
    azure = await startAzure();
    folder = await mkdtemp(join(tmpdir(), "aml-inference-entra-"));
    const authority = join(folder, "azure.pem");
    await writeFile(authority, azure.certificatePem);
    env = {
      PATH: process.env["PATH"],
      NODE_EXTRA_CA_CERTS: authority,
      AML_INFERENCE_AZURE_ENDPOINT: azure.endpoint,
    };
  });
  after(async () => {
    await azure.close();
    await rm(folder, { recursive: true, force: true });
  });

  const arm = { ARM_TENANT_ID: "6f1c3a52-0b1d-4a57-9d0e-3c1b5a7e9f10", ARM_CLIENT_ID: "client" };
  const federated = {
    AZURE_TENANT_ID: arm.ARM_TENANT_ID,
    AZURE_CLIENT_ID: "client",
    AZURE_CLIENT_SECRET: SECRET,
  };
  const logins: Readonly<Record<string, NodeJS.ProcessEnv>> = {
    "azure-native's variables": { ...arm, ARM_CLIENT_SECRET: SECRET },
    "@azure/identity's own variables": federated,
  };
  for (const [what, login] of Object.entries(logins)) {
    it(`prints a token that Azure takes, by ${what}, and shows no secret`, async () => {
      const program = tokenProgram();
      const { code, stdout, stderr } = await run(program, { ...env, ...login });
      assert.equal(code, 0, stderr);
      const { apiVersion, kind, status } = JSON.parse(stdout) as {
        readonly apiVersion: string;
        readonly kind: string;
        readonly status: { readonly token: string; readonly expirationTimestamp: string };
      };
      assert.deepEqual([apiVersion, kind], ["client.authentication.k8s.io/v1", "ExecCredential"]);
      assert.ok(Date.parse(status.expirationTimestamp) > Date.now());
      const refused = azure.tokens.refuse(`Bearer ${status.token}`, azure.clock.now(), true);
      assert.equal(refused, undefined);
      for (const seen of [stderr, stdout, ...program.args]) assert.ok(!seen.includes(SECRET));
    });
  }

  it("says in one line why there is no token, and asks nobody", async () => {
    const login = {
      ...arm,
      ARM_CLIENT_SECRET: SECRET,
      AZURE_AUTHORITY_HOST: "https://127.0.0.1:9",
    };
    const { code, stdout, stderr } = await run(tokenProgram(), { ...env, ...login });
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.ok(stderr.length > 0 && !stderr.includes(SECRET), stderr);
    assert.ok(!/ at .*\.js:\d+/.test(stderr), stderr);
  });
});
