// Mocha's spec reporter, with plain lines at the very end: `failed: <title>` of each, then `N passed, N failed, N skipped`.
const { reporters } = require("mocha");

class ClosingLine extends reporters.Spec {
  epilogue() {
    super.epilogue();
    for (const test of this.failures) console.log(`failed: ${test.fullTitle()}`);
    const { passes, failures, pending } = this.stats;
    console.log(`${passes} passed, ${failures} failed, ${pending} skipped`);
  }
}

module.exports = ClosingLine;
