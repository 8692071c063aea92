// docs/policies.md, written from the policies themselves.
import { PRICE_SOURCE } from "../machines";
import { chosenIn, PROFILES } from "./profiles";
import { POLICY_NAMES, type PolicyName, RULES } from "../rules";
import { type Setting } from "../rule";
import { configure } from "../settings";

const HEAD = `# Policies

Written by \`npm run policies\` from \`policy/\`: change it there. How the pack is installed, configured and extended: [policy/README.md](../policy/README.md).

Every policy says what to change, with the argument's path, its value and what is legal. What a preview doesn't know yet isn't passed: the policy says that it isn't judged, as an advice, and the update judges it. In the table a level is followed by the settings in which the profile differs from the policy's defaults.

Regions, VM sizes, registries, tags and findings are the platform team's to say: while their settings are empty, those policies pass everything.

Prices: ${PRICE_SOURCE}; \`machines\` in the configuration wins.
`;

/** The whole document, in the form of prettier. */
export function policiesDocument(): string {
  const rows = POLICY_NAMES.map((name) => [
    `[${name}](#${name})`,
    RULES[name].severity,
    ...PROFILES.map((profile) => levelIn(name, profile)),
  ]);
  const overview = table([["policy", "severity", ...PROFILES], ...rows]);
  return `${[HEAD, overview, ...POLICY_NAMES.map(section)].join("\n")}`;
}

function levelIn(name: PolicyName, profile: (typeof PROFILES)[number]): string {
  const { level, settings } = chosenIn(profile, name);
  const own = Object.entries(settings).map(
    ([setting, value]) => `\`${setting}: ${JSON.stringify(value)}\``,
  );
  return [level, ...own].join(", ");
}

function section(name: PolicyName): string {
  const rule = RULES[name];
  const { config } = configure(rule);
  const settings = Object.entries(rule.settings as Record<string, Setting<unknown>>).map(
    ([setting, { description, schema }]) => [
      `\`${setting}\``,
      schema.enum?.join(", ") ?? schema.type,
      `\`${JSON.stringify(config[setting])}\``,
      description,
    ],
  );
  const control = rule.control;
  return [
    `## ${name}\n`,
    `${rule.title}. ${rule.description}\n`,
    `- Judges: ${rule.subject}${rule.kind === "stack" ? " (all together)" : ""}`,
    `- Severity: ${rule.severity}`,
    `- To change: ${rule.remediation}`,
    ...(control === undefined
      ? []
      : [`- Microsoft cloud security benchmark v1: ${control.id}, ${control.title}`]),
    "",
    ...(settings.length === 0
      ? []
      : [table([["setting", "type", "default", "meaning"], ...settings])]),
  ].join("\n");
}

/** Columns are as wide as their widest cell. */
function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, at) =>
    Math.max(3, ...[head, ...rows].map((row) => (row[at] ?? "").length)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  return `${[line(head), line(rule), ...rows.map(line)].join("\n")}\n`;
}
