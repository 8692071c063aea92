// The project's folders follow the XDG base directory specification.
import assert from "node:assert/strict";
import { cacheDirectory, stateDirectory } from "../../../tools/checkout/directories";

describe("cacheDirectory() and stateDirectory()", () => {
  it("are below the XDG folders when those are set", () => {
    assert.equal(cacheDirectory({ XDG_CACHE_HOME: "/c", HOME: "/h" }), "/c/aml-inference");
    assert.equal(stateDirectory({ XDG_STATE_HOME: "/s", HOME: "/h" }), "/s/aml-inference");
  });

  it("are below the home folder when those are unset, empty or relative", () => {
    for (const value of [undefined, "", "relative"]) {
      const env = { XDG_CACHE_HOME: value, XDG_STATE_HOME: value, HOME: "/h" };
      assert.equal(cacheDirectory(env), "/h/.cache/aml-inference");
      assert.equal(stateDirectory(env), "/h/.local/state/aml-inference");
    }
  });
});
