// What a preview does about v1's router when the cluster isn't there, or isn't there yet.
import assert from "node:assert/strict";
import { operations as router } from "../../../provider/legacy-router/operations";
import { UNKNOWN } from "../../../values/unknown";
import { KUBECONFIG } from "../../support/component-kubeconfig";
import { withoutRetries } from "../../support/without-retries";

/** Nothing listens there. */
const CLOSED = KUBECONFIG.replace("203.0.113.1:6443", "127.0.0.1:1");

describe("LegacyRouter", () => {
  withoutRetries();

  it("never fails a preview, and lets the update look again", async () => {
    for (const kubeconfig of [CLOSED, UNKNOWN]) {
      const checked = await router.check({}, { kubeconfig, remove: true });
      assert.deepEqual(checked, { inputs: { kubeconfig, remove: true }, failures: [] });
    }
    const diff = await router.diff("legacy-router", {}, { kubeconfig: CLOSED, remove: true });
    assert.deepEqual(diff, { changes: true });
  });

  it("changes only when something is there that is to go", async () => {
    const changes = async (remove: boolean, leftovers: string[]) =>
      (await router.diff("legacy-router", {}, { kubeconfig: CLOSED, remove, leftovers })).changes;
    assert.equal(await changes(true, ["Service default/azureml-fe"]), true);
    assert.equal(await changes(true, []), false);
    assert.equal(await changes(false, ["Service default/azureml-fe"]), false);
  });

  it("fails an update that can't remove, in a sentence", async () => {
    await assert.rejects(router.create({ kubeconfig: CLOSED, remove: true }), {
      message: /^Can't read .*: the cluster at https:\/\/127\.0\.0\.1:1 can't be reached: .*/,
    });
    const kept = await router.create({ kubeconfig: CLOSED, remove: false });
    assert.deepEqual(kept, { id: "legacy-router", outs: {} });
  });
});
