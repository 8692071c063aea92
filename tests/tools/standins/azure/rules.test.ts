// Every rule of the stand-in Azure holds, and its test fails when the rule is off.
import assert from "node:assert/strict";
import { allRules } from "../../../../tools/standins/azure/core/rules/rule-book";
import { startAzure } from "../../../../tools/standins/azure/start-azure";
import { connectClients, createGroup } from "./azure-clients";
import { aksScenarios } from "./aks-scenarios";
import { armScenarios } from "./arm-scenarios";
import { machineLearningScenarios } from "./machine-learning-scenarios";
import { propertyScenarios } from "./property-scenarios";
import type { Scenario } from "./scenario";
import { versionScenarios } from "./version-scenarios";

const scenarios = {
  ...aksScenarios,
  ...propertyScenarios,
  ...versionScenarios,
  ...armScenarios,
  ...machineLearningScenarios,
};

async function play(scenario: Scenario, off: string[]): Promise<void> {
  const azure = await startAzure({ off });
  try {
    const clients = connectClients(azure);
    await createGroup(clients);
    await scenario({ azure, clients });
  } finally {
    await azure.close();
  }
}

describe("The stand-in Azure's rule", () => {
  for (const [name, scenario] of Object.entries(scenarios)) {
    it(`${name} holds, and is what the test sees`, async () => {
      await play(scenario, []);
      await assert.rejects(play(scenario, [name]), assert.AssertionError);
    });
  }

  it("is never without a test and a source", () => {
    const rules = allRules.map((rule) => rule.name).sort();
    assert.deepEqual(rules, [...new Set(rules)]);
    assert.deepEqual(Object.keys(scenarios).sort(), rules);
    assert.deepEqual(
      allRules.filter((rule) => rule.source.length < 20),
      [],
    );
  });
});
