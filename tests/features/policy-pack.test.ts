// The policy pack as a platform team takes it: packed, outside of this checkout, with the real CLI on a program of ours.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Azure } from "../../tools/standins/azure";
import { projectRoot } from "../../tools/checkout";
import { CLUSTERS, groupId } from "../support/aks-stories";
import { GROUP, itOnStandIn, LOCATION, withAzureStack } from "../support/azure-stack";
import {
  changingSteps,
  type CommandResult,
  expectFailure,
  expectSuccess,
  finished,
  type Stack,
} from "../support/stack";

const clusterId = `${groupId}/providers/${CLUSTERS}/shared`;

/** A cluster that a production profile refuses, and, on demand, what is on it. */
const program = `const { AmlAksCluster, AmlInferenceRouter, AmlModelEndpoint } = require("aml-inference");
const { kubeconfig } = new AmlAksCluster("shared", {
  resourceGroupName: ${JSON.stringify(GROUP)},
  location: ${JSON.stringify(LOCATION)},
  protectCluster: false,
  tags: { team: "churn" },
});
if (process.env.WITH_ENDPOINT) {
  const router = new AmlInferenceRouter("fe", { kubeconfig });
  const image = process.env.LATE_IMAGE ? kubeconfig.apply(() => "contoso.azurecr.io/churn:5") : "contoso.azurecr.io/churn";
  new AmlModelEndpoint("churn", {
    router,
    authEnabled: false,
    versions: {
      blue: { image: "contoso.azurecr.io/churn:4", isDefault: true, environmentVariables: { API_TOKEN: "s3cr3t" } },
      green: { image, autoscale: { maxReplicas: 90 }, cpuCores: 2 },
    },
  });
}
`;

/** A team's own pack: ours, with its choices and one policy of its own. */
const composed = `const { PolicyPack } = require("@pulumi/policy");
const { policies } = require("aml-inference-policies");
new PolicyPack("contoso", {
  policies: [
    ...policies({ profile: "dev", policies: { "required-tags": { tags: { costCenter: "4711" } } } }),
    {
      name: "contoso-names",
      description: "Clusters are named after Contoso.",
      enforcementLevel: "advisory",
      validateResource: ({ type, name }, report) => {
        if (type.endsWith(":AmlAksCluster") && !name.startsWith("contoso")) report("a name of ours begins with contoso");
      },
    },
  ],
});
`;

/** An empty project with the packed pack and what it needs. */
class Team {
  readonly folder = mkdtempSync(join(tmpdir(), "aml-inference-policies-"));
  readonly pack = join(this.folder, "node_modules", "aml-inference-policies");
  readonly own = join(this.folder, "contoso");

  constructor() {
    mkdirSync(this.pack, { recursive: true });
    mkdirSync(join(this.folder, "node_modules", "@pulumi"));
    for (const name of ["@pulumi/policy", "@pulumi/pulumi"]) {
      const [from, to] = [projectRoot, this.folder].map((root) => join(root, "node_modules", name));
      symlinkSync(from ?? "", to ?? "");
    }
    const packed = execFileSync(
      ...(["npm", ["pack", "--silent", "--pack-destination", this.folder]] as const),
      { cwd: join(projectRoot, "policy"), encoding: "utf8" },
    );
    const archive = join(this.folder, packed.trim());
    execFileSync("tar", ["-xzf", archive, "--strip-components=1", "-C", this.pack]);
    mkdirSync(this.own);
    writeFileSync(join(this.own, "PulumiPolicy.yaml"), "runtime: nodejs\n");
    writeFileSync(join(this.own, "package.json"), '{ "name": "contoso", "version": "1.0.0" }\n');
    writeFileSync(join(this.own, "index.js"), composed);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const run = async (stack: Stack, args: readonly string[], env: Record<string, string> = {}) =>
  finished(await stack.start([...args, "--non-interactive", "--color", "never"], env));

const tagsIn = (azure: Azure) => azure.store.get(clusterId)?.body["tags"];

/** The policies that a run names beside a level, each once. */
const named = (level: string, { output }: CommandResult) =>
  [
    ...new Set(
      [...output.matchAll(/- \[(\w+)\].* ([a-z-]+) {2}\(/g)]
        .filter(([, found]) => found === level)
        .map(([, , name]) => name),
    ),
  ].sort();

describe("The policy pack", () => {
  let team: Team;
  before(() => {
    team = new Team();
  });
  after(() => {
    team.remove();
  });

  itOnStandIn(
    "blocks, warns and remediates in previews and updates, and judges a state alike",
    "it makes a cluster that nobody should have",
    async () => {
      await withAzureStack({ program }, async (stack, azure) => {
        const preview = ["preview", "--stack", "test", "--policy-pack"];
        const refused = await expectFailure(
          run(stack, [...preview, team.pack], { WITH_ENDPOINT: "yes", LATE_IMAGE: "yes" }),
        );
        assert.deepEqual(named("mandatory", refused), [
          ...["api-server-access", "cluster-capacity", "deletion-protection"],
          ...["endpoint-authentication", "local-accounts", "production-replicas"],
          ...["public-endpoint-keys", "public-tls", "replica-bounds", "resource-limits"],
          "secret-variables",
        ]);
        assert.match(
          refused.output,
          /versions\.green\.autoscale\.maxReplicas must be at most 50: it is 90/,
        );
        assert.match(
          refused.output,
          /immutable-images.*\n.*not judged: versions\.green\.image isn't known in this preview/,
        );
        assert.doesNotMatch(refused.output, /s3cr3t/);

        const up = await expectSuccess(stack.up("--policy-pack", team.own));
        assert.deepEqual(named("advisory", up), ["api-server-access", "contoso-names"]);
        assert.match(up.output, /\[remediate\] +required-tags +\(3 resources\)/);
        assert.partialDeepStrictEqual(tagsIn(azure), { team: "churn", costCenter: "4711" });
        assert.deepEqual(changingSteps(await stack.preview("--policy-pack", team.own)), []);

        const etag = azure.store.get(clusterId)?.etag;
        const blocked = await expectFailure(stack.up("--policy-pack", team.pack));
        assert.match(blocked.output, /authorizedIpRanges must name who may reach the API server/);
        assert.equal(azure.store.get(clusterId)?.etag, etag);

        const state = join(team.folder, "state.json");
        await expectSuccess(run(stack, ["stack", "export", "--stack", "test", "--file", state]));
        const analyze = ["policy", "analyze", "--policy-pack", team.pack, "--file", state];
        const analyzed = await expectFailure(run(stack, analyze));
        assert.deepEqual(named("mandatory", analyzed), [
          ...["api-server-access", "deletion-protection", "local-accounts"],
        ]);
      });
    },
  );
});
