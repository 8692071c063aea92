// The form of CHANGELOG.md, which is Keep a Changelog 1.1.0's, and the newest release that it names.

const KINDS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
const RELEASE = /^## \[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d{2}-\d{2})$/;

/** A heading `## [version] - date`. */
export interface Release {
  readonly version: string;
  /** ISO 8601. */
  readonly date: string;
}

/** The releases in the text's order; `[Unreleased]` is none. */
export function releasesOf(changelog: string): readonly Release[] {
  return changelog.split("\n").flatMap((line) => {
    const [, major = "", minor = "", patch = "", date] = RELEASE.exec(line) ?? [];
    return date === undefined ? [] : [{ version: `${major}.${minor}.${patch}`, date }];
  });
}

/** One sentence for each place that departs from the form. */
export function changelogProblems(changelog: string): readonly string[] {
  const [head = "", ...sections] = changelog.split(/^(?=## )/m);
  const unreleased = sections[0]?.startsWith("## [Unreleased]\n") === true;
  return [
    ...(head.startsWith("# Changelog\n") ? [] : ['The first line must be "# Changelog"']),
    ...(unreleased ? [] : ['The first section must be "## [Unreleased]"']),
    ...sections.slice(1).flatMap((section) => headingProblems(firstLine(section))),
    ...orderProblems(releasesOf(changelog)),
    ...sections.flatMap(sectionProblems),
  ];
}

function headingProblems(heading: string): readonly string[] {
  const date = RELEASE.exec(heading)?.[4];
  if (date !== undefined && isDate(date)) return [];
  return [`A release's heading must be "## [1.2.3] - 2026-01-31": it is "${heading}"`];
}

function isDate(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

function orderProblems(releases: readonly Release[]): readonly string[] {
  return releases.slice(1).flatMap((older, at) => {
    const newer = releases[at];
    if (newer === undefined) return [];
    const isInOrder = compare(newer.version, older.version) > 0 && newer.date >= older.date;
    return isInOrder
      ? []
      : [`The newest release must come first: ${older.version} is below ${newer.version}`];
  });
}

function compare(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split(".").map(Number));
  const at = a?.findIndex((part, index) => part !== b?.[index]) ?? -1;
  return at < 0 ? 0 : (a?.[at] ?? 0) - (b?.[at] ?? 0);
}

function sectionProblems(section: string): readonly string[] {
  const of = firstLine(section);
  const [, ...groups] = section.split(/^### /m);
  const kinds = groups.map(firstLine);
  return [
    ...kinds
      .filter((kind) => !KINDS.includes(kind))
      .map((kind) => `"### ${kind}" of "${of}" must be one of ${KINDS.join(", ")}`),
    ...kinds
      .filter((kind, at) => kinds.indexOf(kind) !== at)
      .map((kind) => `"### ${kind}" must come once in "${of}"`),
    ...groups
      .filter((group) => !/^- /m.test(group))
      .map(
        (group) => `"### ${firstLine(group)}" of "${of}" must have an entry that begins with "- "`,
      ),
  ];
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
