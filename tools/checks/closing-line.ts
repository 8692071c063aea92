// The last line of mocha's report: `N passed, N failed, N skipped`.

const CLOSING_LINE = /^(\d+) passed, (\d+) failed, (\d+) skipped$/gm;

/** One closing line for several reports; a report without one, which was cut off, says so. */
export function sumOfClosingLines(reports: readonly string[]): string {
  const counts = [0, 0, 0];
  for (const report of reports) {
    const last = [...report.matchAll(CLOSING_LINE)].at(-1);
    if (last === undefined) return "a report was cut off";
    last.slice(1).forEach((count, at) => (counts[at] = (counts[at] ?? 0) + Number(count)));
  }
  const [passed, failed, skipped] = counts;
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
