// parseDockerfile(): the instructions that say how a container starts.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDockerfile } from "../../../tools/images/parse-dockerfile";
import { quickstartModelSource } from "../../../tools/images/quickstart-model-image";

describe("parseDockerfile()", () => {
  it("reads how the quickstart's model starts, with v1's environment", () => {
    const config = parseDockerfile(readFileSync(join(quickstartModelSource, "Dockerfile"), "utf8"));
    assert.equal(config.workingDir, "/var/azureml-app");
    assert.equal(config.user, "1000:1000");
    assert.deepEqual(config.exposedPorts, [5001]);
    assert.equal(config.env?.["AML_APP_ROOT"], "/var/azureml-app");
    assert.equal(config.env?.["AZUREML_ENTRY_SCRIPT"], "score.py");
    assert.equal(config.env?.["AZUREML_MODEL_DIR"], "azureml-models/diabetes/1");
    assert.equal(config.cmd?.[0], "sh");
  });

  it("refuses what it does not understand, with the line", () => {
    assert.throws(() => parseDockerfile('ENV A="b c"'), /NAME=VALUE.*ENV A="b c"/);
    assert.throws(() => parseDockerfile("CMD run this"), /JSON form: CMD run this/);
  });
});
