// The last lines of mocha's report: `failed: <title>` of each test that failed, then `N passed, N failed, N skipped`.

const CLOSING_LINE = /^(\d+) passed, (\d+) failed, (\d+) skipped$/gm;
const FAILED_LINE = /^failed: .*$/gm;

/** The closing lines of several reports as of one; a report without them, which was cut off, says so. */
export function joinClosingLines(reports: readonly string[]): string {
  const counts = [0, 0, 0];
  for (const report of reports) {
    const last = [...report.matchAll(CLOSING_LINE)].at(-1);
    if (last === undefined) return "a report was cut off";
    last.slice(1).forEach((count, at) => (counts[at] = (counts[at] ?? 0) + Number(count)));
  }
  const [passed, failed, skipped] = counts;
  const titles = reports.flatMap((report) => report.match(FAILED_LINE) ?? []);
  return [...titles, `${passed} passed, ${failed} failed, ${skipped} skipped`].join("\n");
}
