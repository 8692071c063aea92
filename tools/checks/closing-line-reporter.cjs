// Mocha's spec reporter, with one plain line at the very end: `N passed, N failed, N skipped`.
const { reporters } = require("mocha");

class ClosingLine extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    console.log(`${passes} passed, ${failures} failed, ${pending} skipped`);
  }
}

module.exports = ClosingLine;
