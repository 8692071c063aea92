// The mark that names an object's owner.
import assert from "node:assert/strict";
import {
  belongsToAnother,
  markOf,
  OWNER_ANNOTATION,
  ownerOf,
  parseMark,
} from "../../contracts/owner-mark";

const owner = ownerOf("acme/fraud/prod", "AmlInferenceRouter fe of us");
const marked = (mark: string) => ({ metadata: { annotations: { [OWNER_ANNOTATION]: mark } } });

describe("An owner's mark", () => {
  it("says stack and component, and to whom the object is handed over", () => {
    const parsed = { owner, stack: "acme/fraud/prod", component: "AmlInferenceRouter fe of us" };
    assert.deepEqual(parseMark(markOf(owner)), parsed);
    assert.deepEqual(parseMark(markOf(owner, "acme/fraud/next")), {
      ...parsed,
      handedOverTo: "acme/fraud/next",
    });
  });

  it("is absent from an object without annotation, or with an empty one", () => {
    assert.equal(parseMark(undefined), undefined);
    assert.equal(parseMark(""), undefined);
    assert.equal(belongsToAnother({ metadata: {} }, owner), false);
  });

  it("is one's own while an object is handed over, and another's to who never set one", () => {
    assert.equal(belongsToAnother(marked(markOf(owner, "acme/fraud/next")), owner), false);
    assert.equal(belongsToAnother(marked(owner), markOf(owner, "acme/fraud/next")), false);
    assert.equal(belongsToAnother(marked("acme/x/y AmlInferenceRouter fe"), owner), true);
    assert.equal(belongsToAnother(marked(owner), undefined), true);
  });
});
