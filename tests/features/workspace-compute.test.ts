// WorkspaceCompute with the real CLI on a stand-in Azure: whole stories, from attach to detach.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { valueAt, withValueAt, type Azure } from "../../tools/standins/azure";
import {
  CLIENT_SECRET,
  GROUP,
  itOnStandIn,
  openAzureStack,
  SUBSCRIPTION,
  withAzureStack,
} from "../support/azure-stack";
import { makePair } from "../support/certificate-pair";
import { killTree } from "../support/kill-after-event";
import {
  changingSteps,
  expectFailure,
  expectSuccess,
  finished,
  openStack,
  type Stack,
} from "../support/stack";

const COMPUTES = "Microsoft.MachineLearningServices/workspaces/computes";
const WORKSPACES = "Microsoft.MachineLearningServices/workspaces";
const CLUSTERS = "Microsoft.ContainerService/managedClusters";
const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}`;
const workspaceId = `${group}/providers/${WORKSPACES}/ws`;
const clusterId = `${group}/providers/${CLUSTERS}/prod`;
const computeId = `${workspaceId}/computes/aks-prod`;
const basics = { workspaceId, clusterId, computeName: "aks-prod" };

const program = (args: object, opts: object = {}) => `
const { WorkspaceCompute } = require("aml-inference");
const compute = new WorkspaceCompute("compute", ${JSON.stringify({ ...basics, ...args })}, ${JSON.stringify(opts)});
exports.computeId = compute.computeId;
exports.state = compute.provisioningState;
`;

/** Why an Azure of one's own can't play the stories. */
const WHY = "they put computes of v1 and of others in place, which Azure no longer makes";

/** A workspace and a cluster, minutes ago. */
function fill(azure: Azure): void {
  const body = { location: "westeurope", properties: { provisioningState: "Succeeded" } };
  azure.store.put(workspaceId, WORKSPACES, body, azure.clock.now());
  azure.store.put(clusterId, CLUSTERS, body, azure.clock.now());
  azure.clock.advance(600);
}

function plant(azure: Azure, properties: object, id = computeId): void {
  const filled = { resourceId: clusterId, provisioningState: "Succeeded", ...properties };
  const body = { location: "westeurope", properties: filled };
  azure.store.put(id, COMPUTES, body, azure.clock.now());
  azure.clock.advance(600);
}

function attachments({ store }: Azure): string[] {
  const held = store.list(COMPUTES);
  return held.filter(({ body }) => valueAt(body, "properties.resourceId")).map(({ id }) => id);
}

async function expectNoChange(stack: Stack): Promise<void> {
  const steps = changingSteps(await stack.preview());
  assert.deepEqual(
    steps.map(({ op, urn }) => `${op} ${urn}`),
    [],
  );
}

/** Arguments of every process of this machine: a secret there would be everybody's. */
async function processArguments(): Promise<string> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const texts = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""));
  return (await Promise.all(texts)).join("\n");
}

/**
 * Begins an `up`, lets Azure fall silent after one of its calls, and kills the CLI and its plugins there. `after`: Azure
 * has carried the call out.
 */
async function killAt(stack: Stack, azure: Azure, position: number, moment: "before" | "after") {
  azure.faults.set([{ kind: "timeout", position, moment }]);
  const options = ["--yes", "--skip-preview", "--non-interactive", "--stack", "test"];
  const child = await stack.start(["up", ...options]);
  const end = finished(child);
  while (azure.faults.left > 0 && child.exitCode === null) await sleep(20);
  assert.ok(await killTree(child), `ended before call ${position}`);
  await end;
  azure.faults.set([]);
}

describe("WorkspaceCompute with the real CLI", () => {
  itOnStandIn(
    "attaches, changes nothing, changes, heals drift after a refresh, and leaves the cluster",
    WHY,
    async () => {
      const args = { tags: { team: "ml" }, namespace: "serving" };
      await withAzureStack({ program: program(args) }, async (stack, azure) => {
        fill(azure);
        const made = await expectSuccess(stack.up());
        assert.match(
          made.output,
          /compute "aks-prod" of workspace "ws": attaching cluster .*, 0 s/,
        );
        assert.deepEqual(await stack.outputs(), { computeId, state: "Succeeded" });
        await expectNoChange(stack);

        await stack.setProgram(
          program({ ...args, namespace: "models", description: "for models" }),
        );
        await expectSuccess(stack.up());
        const live = (path: string) => valueAt(azure.store.get(computeId)?.body, path);
        assert.equal(live("properties.properties.namespace"), "models");
        assert.equal(live("properties.description"), "for models");

        const body = azure.store.get(computeId)?.body ?? {};
        const edited = withValueAt(body, "properties.properties.namespace", "theirs");
        azure.store.put(computeId, COMPUTES, edited, azure.clock.now());
        const refreshed = await expectSuccess(stack.refresh());
        assert.match(
          refreshed.output,
          /differs from what was deployed: compute\/aks-prod: namespace/,
        );
        await expectSuccess(stack.up());
        assert.equal(live("properties.properties.namespace"), "models");

        azure.store.remove(computeId);
        await expectSuccess(stack.up());
        assert.deepEqual(attachments(azure), [computeId]);

        await stack.setProgram(program({ computeName: "renamed" }));
        const [step] = changingSteps(await stack.preview());
        assert.match(step?.op ?? "", /replace/);
        await expectSuccess(stack.up());
        assert.deepEqual(attachments(azure), [`${workspaceId}/computes/renamed`]);

        await expectSuccess(stack.destroy());
        assert.deepEqual(attachments(azure), []);
        assert.equal(azure.store.list(CLUSTERS).length, 1);
        const state = await stack.stateText();
        assert.ok(!state.includes(CLIENT_SECRET));
      });
    },
  );

  itOnStandIn(
    "takes over a compute of v1, gives it TLS and lets it go, and its key is nowhere to be read",
    WHY,
    async () => {
      const until = new Date("2099-01-01");
      const pair = await makePair("score.example.com", until);
      const ssl = { cname: "score.example.com", ...pair };
      const v1 = { computeType: "AKS" };
      // Signed in by azure-native's configuration, whose secret must stay one, too.
      const env = { ARM_CLIENT_SECRET: "" };
      await withAzureStack({ program: program(v1), env }, async (stack, azure) => {
        fill(azure);
        const secretKey = ["--secret", "azure-native:clientSecret", CLIENT_SECRET];
        const set = await stack.start(["config", "set", "--stack", "test", ...secretKey]);
        await expectSuccess(finished(set));
        const refused = await expectFailure(stack.up());
        assert.match(
          refused.output,
          /Azure makes no new computes of type AKS: use computeType "Kub/,
        );
        plant(azure, { ...v1, isAttachedCompute: false, properties: { agentCount: 3 } });
        const outputs: string[] = [];
        outputs.push((await expectSuccess(stack.up())).output);
        await stack.setProgram(program({ ...v1, ssl }));
        const change = finished(
          await stack.start(["up", "--yes", "--non-interactive", "--stack", "test", "--diff"]),
        );
        let argv = "";
        const looking = { done: false };
        void change.then(() => (looking.done = true));
        while (!looking.done) {
          argv += await processArguments();
          await sleep(200);
        }
        outputs.push((await expectSuccess(change)).output);
        const stored = azure.store.get(computeId)?.body;
        const configuration = valueAt(stored, "properties.properties.sslConfiguration");
        assert.deepEqual(configuration, {
          status: "Enabled",
          cname: ssl.cname,
          cert: ssl.certificatePem,
          key: ssl.privateKeyPem,
        });
        assert.equal(valueAt(stored, "properties.properties.agentCount"), 3);
        await expectNoChange(stack);
        const states = [await stack.stateText()];
        outputs.push((await expectSuccess(stack.refresh())).output);
        states.push(await stack.stateText());
        await expectNoChange(stack);
        await stack.setProgram(program({ ...v1, ssl, computeName: "renamed" }));
        outputs.push((await expectFailure(stack.up())).output);
        assert.match(outputs.at(-1) ?? "", /computeName can't be changed from "aks-prod"/);
        outputs.push((await expectSuccess(stack.destroy())).output);
        assert.equal(azure.store.list(COMPUTES).length, 0);
        assert.equal(azure.store.list(CLUSTERS).length, 1);

        const secret = ssl.privateKeyPem.split("\n")[1] ?? "";
        assert.ok(secret.length > 20 && argv.length > 0);
        for (const text of [...outputs, ...states, argv]) {
          assert.ok(!text.includes(secret));
          assert.ok(!text.includes(CLIENT_SECRET));
        }
      });
    },
  );

  itOnStandIn(
    "says all mistakes at once, and refuses a second attachment with the id of the first",
    WHY,
    async () => {
      const mistakes = {
        workspaceId: clusterId,
        computeName: "x",
        clusterId: "prod",
        cloud: "german",
        timeoutMinutes: 0,
        namespace: "Models",
        defaultInstanceType: "huge",
        instanceTypes: { GPU: { resources: { limits: { cpu: "lots" } } } },
        tags: { "a/b": "x", team: "y".repeat(300) },
        identity: { type: "UserAssigned" },
        nodeCount: 3,
        ssl: { cname: "a", leafDomainLabel: "b" },
      };
      // Signed in as @azure/identity finds it, and not by azure-native's variables.
      const env = {
        ARM_CLIENT_SECRET: "",
        AZURE_TENANT_ID: "6f1c3a52-0b1d-4a57-9d0e-3c1b5a7e9f10",
        AZURE_CLIENT_ID: "11111111-aaaa-4bbb-8ccc-222222222222",
        AZURE_CLIENT_SECRET: CLIENT_SECRET,
      };
      await withAzureStack({ program: program(mistakes), env }, async (stack, azure) => {
        fill(azure);
        const refused = await expectFailure(stack.up());
        const names = [
          ...["workspaceId", "computeName", "clusterId", "cloud", "timeoutMinutes", "namespace"],
          ...["defaultInstanceType", "instanceTypes.GPU", "tags.a/b", "tags.team", "identity"],
          ...["nodeCount", "ssl"],
        ];
        for (const name of names) {
          assert.ok(
            refused.output.includes(`${name} `) || refused.output.includes(`${name}.`),
            name,
          );
        }
        assert.doesNotMatch(refused.output, /\n\s+at /);
        assert.deepEqual(
          azure.faults.calls.filter(({ path }) => path.includes("MachineLearning")),
          [],
        );

        const other = `${workspaceId}/computes/theirs`;
        plant(azure, { computeType: "Kubernetes" }, other);
        await stack.setProgram(program({}));
        const second = await expectFailure(stack.up());
        assert.match(second.output, new RegExp(`is attached already, as ${other}: a second`));
        assert.doesNotMatch(second.output, /\n\s+at /);
        assert.deepEqual(attachments(azure), [other]);
        azure.store.remove(other);
        await expectSuccess(stack.up());
        assert.deepEqual(attachments(azure), [computeId]);
      });
    },
  );

  itOnStandIn(
    "is finished by the next run when it is killed, and makes one attachment of two runs at once",
    WHY,
    async () => {
      const azure = { silenceMs: 20_000 };
      const opened = await openAzureStack({ program: program({}), azure });
      const { stack, standIn, env } = opened;
      assert.ok(standIn);
      try {
        // 3: the look for other attachments; 5: the write, taken on and its answer lost; 7: it is followed.
        for (const [position, moment, begun] of [
          [3, "before", 0],
          [5, "after", 1],
          [7, "before", 1],
        ] as const) {
          fill(standIn);
          await killAt(stack, standIn, position, moment);
          assert.equal(attachments(standIn).length, begun);
          await expectSuccess(stack.up());
          assert.deepEqual(attachments(standIn), [computeId]);
          standIn.store.remove(computeId);
          await stack.loseState();
        }

        standIn.clock.advance(600);
        const second = await openStack({ program: program({}), env });
        try {
          const both = await Promise.all([stack.up(), second.up()]);
          const outputs = both.map(({ output }) => output).join("\n");
          assert.ok(
            both.every(({ code }) => code === 0),
            outputs,
          );
          assert.deepEqual(attachments(standIn), [computeId]);
          await expectNoChange(second);
          await expectSuccess(second.destroy());
          assert.deepEqual(attachments(standIn), []);
        } finally {
          await second.close();
        }
      } finally {
        await opened.close();
      }
    },
  );
});
