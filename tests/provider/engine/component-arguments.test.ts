// ArgumentCheck: what it refuses, and what it only says.
import assert from "node:assert/strict";
import {
  type ComponentArguments,
  validateComponentArguments,
} from "../../../provider/engine/component-arguments";
import { UNKNOWN } from "../../../values/unknown";

const inputs: ComponentArguments = {
  component: "AmlAksCluster",
  name: "prod",
  arguments: { resourceGroupName: "models", location: "westeurope" },
};
const problem = { path: "kubernetesVersion", reason: "is out of support" };

function run(olds: Partial<ComponentArguments>, more: object) {
  const printed: string[] = [];
  const failures = validateComponentArguments(olds, { ...inputs, ...more }, (line) =>
    printed.push(line),
  );
  return { reasons: failures.map(({ reason }) => reason), printed };
}

describe("ArgumentCheck", () => {
  it("refuses what the component found, every time", () => {
    const found = { found: [problem] };
    const refused = { reasons: ["kubernetesVersion is out of support"], printed: [] };
    assert.deepEqual(run({}, found), refused);
    assert.deepEqual(run(inputs, found), refused);
  });

  it("refuses what turned wrong with time only while the arguments are new, and says it afterwards", () => {
    const aging = { errorsUntilAccepted: [problem] };
    const sentence = "kubernetesVersion is out of support";
    assert.deepEqual(run({}, aging), { reasons: [sentence], printed: [] });
    assert.deepEqual(run(inputs, aging), { reasons: [], printed: [`warning: ${sentence}`] });
    const others = { ...inputs, arguments: { ...inputs.arguments, agentCount: 4 } };
    assert.deepEqual(run(others, aging).reasons, [sentence]);
  });

  it("does not validate what is not known before the update", () => {
    assert.deepEqual(run({}, { found: UNKNOWN, errorsUntilAccepted: UNKNOWN }).reasons, []);
  });
});
