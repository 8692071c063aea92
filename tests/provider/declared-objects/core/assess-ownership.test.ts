// Whether a component may declare an object that is live, and the sentences that refuse it.
import assert from "node:assert/strict";
import { parseMark } from "../../../../contracts/owner-mark";
import {
  type Claim,
  mayDeclare,
  refusals,
} from "../../../../provider/declared-objects/core/assess-ownership";

const claim: Claim = { owner: "acme/fraud/prod AmlInferenceRouter fe", formerOwners: [] };
const service = (mark: string | undefined, name = "router") => ({
  locator: { apiVersion: "v1", kind: "Service", namespace: "models" },
  name,
  mark: parseMark(mark),
});

const ROWS: readonly (readonly [string, string | undefined, Partial<Claim>, boolean])[] = [
  ["without a mark", undefined, {}, true],
  ["with its own mark", claim.owner, {}, true],
  ["that it hands over itself", `${claim.owner} -> acme/fraud/next`, {}, true],
  [
    "with the mark of its former name",
    "acme/fraud/old AmlInferenceRouter fe",
    { formerOwners: ["acme/fraud/old AmlInferenceRouter fe"] },
    true,
  ],
  [
    "that is handed over to its stack",
    "acme/x/y AmlInferenceRouter other -> acme/fraud/prod",
    {},
    true,
  ],
  [
    "that is handed over to another stack",
    "acme/x/y AmlInferenceRouter fe -> acme/fraud/next",
    {},
    false,
  ],
  ["of another stack", "acme/x/y AmlInferenceRouter fe", {}, false],
  ["of another component of its stack", "acme/fraud/prod AmlInferenceRouter main", {}, false],
];

describe("A component", () => {
  for (const [what, mark, changes, allowed] of ROWS) {
    it(`${allowed ? "may" : "may not"} declare an object ${what}`, () => {
      assert.equal(mayDeclare(parseMark(mark), { ...claim, ...changes }), allowed);
      const said = refusals([service(mark)], { ...claim, ...changes });
      assert.equal(said.length, allowed ? 0 : 1);
    });
  }

  it("is refused in one sentence for each owner, with both ways of a hand-over", () => {
    const role = {
      locator: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole" },
      name: "router.models",
      mark: parseMark("acme/x/y AmlInferenceRouter fe"),
    };
    const other = service("acme/x/z AmlInferenceRouter fe", "autoscaler");
    assert.deepEqual(refusals([service(role.mark?.owner), role, other], claim), [
      'Service router and ClusterRole router.models in namespace models belong to stack acme/x/y (AmlInferenceRouter fe), so nothing was changed: choose another namespace or name; or hand them over with handOverTo: "acme/fraud/prod" on AmlInferenceRouter fe there; or, if that stack no longer exists, run: kubectl annotate --namespace models service/router clusterrole/router.models aml-inference.io/owner-',
      'Service autoscaler in namespace models belongs to stack acme/x/z (AmlInferenceRouter fe), so nothing was changed: choose another namespace or name; or hand it over with handOverTo: "acme/fraud/prod" on AmlInferenceRouter fe there; or, if that stack no longer exists, run: kubectl annotate --namespace models service/autoscaler aml-inference.io/owner-',
    ]);
  });

  it("is told of the alias when its own stack has the objects under another name", () => {
    assert.deepEqual(refusals([service("acme/fraud/prod AmlInferenceRouter main")], claim), [
      'Service router in namespace models belongs to AmlInferenceRouter main of the same stack, not to AmlInferenceRouter fe: if the component was renamed, give it the option aliases: [{ name: "main" }]; otherwise choose another namespace or name',
    ]);
  });

  it("is told to go when it has handed the objects over", () => {
    const given = { ...claim, handOverTo: "acme/fraud/next" };
    assert.deepEqual(refusals([service("acme/fraud/next AmlInferenceRouter fe")], given), [
      "Service router in namespace models belongs to stack acme/fraud/next (AmlInferenceRouter fe) now, as handed over: remove AmlInferenceRouter fe from this program, which keeps it in the cluster",
    ]);
  });
});
