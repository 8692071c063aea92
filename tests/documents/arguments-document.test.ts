// The documents, the interfaces and the tables of arguments say the same: names, defaults, bounds and choices.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../tools/checkout";
import { CLUSTER_ARGUMENTS } from "../../validation/cluster/cluster-arguments";
import { ENDPOINT_ARGUMENTS } from "../../validation/endpoint/endpoint-arguments";
import { type Surroundings } from "../../validation/kubernetes/surroundings";
import { ROUTER_ARGUMENTS } from "../../validation/router/router-arguments";
import { type ArgumentRule, type ArgumentTable } from "../../values/argument-table";
import { declaredPaths, rulesByPath } from "../support/argument-paths";

interface Component {
  readonly name: string;
  readonly table: ArgumentTable<Surroundings>;
  readonly file: string;
  readonly document: string;
  readonly heading: string;
  /** Where its table of arguments has defaults and bounds. */
  readonly columns: { readonly count: number; readonly default: number; readonly bound: number };
}

const COMPONENTS: readonly Component[] = [
  {
    name: "AmlModelEndpoint",
    table: ENDPOINT_ARGUMENTS,
    file: "components/endpoint/aml-model-endpoint-args.ts",
    document: "arguments.md",
    heading: "AmlModelEndpoint",
    columns: { count: 6, default: 3, bound: 4 },
  },
  {
    name: "AmlInferenceRouter",
    table: ROUTER_ARGUMENTS,
    file: "components/router/aml-inference-router-args.ts",
    document: "arguments.md",
    heading: "AmlInferenceRouter",
    columns: { count: 6, default: 3, bound: 4 },
  },
  {
    name: "AmlAksCluster",
    table: CLUSTER_ARGUMENTS,
    file: "components/cluster/aml-aks-cluster-args.ts",
    document: "aml-aks-cluster.md",
    heading: "Arguments and what a change of each does",
    columns: { count: 4, default: 1, bound: 2 },
  },
];

/** What making and attaching a cluster each require, which TypeScript can't say. */
const REQUIRED_OF_ONE_WAY = ["existingClusterId", "resourceGroupName", "location"];

/** The rows of the table below a heading, by argument. */
function rowsOf({ document, heading }: Component): Map<string, readonly string[]> {
  const text = readFileSync(join(projectRoot, "docs", document), "utf8");
  const section = text.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  return new Map(
    rows.map((row) => {
      const cells = row.split("|").slice(1, -1);
      const trimmed = cells.map((cell) => cell.trim());
      return [(trimmed[0] ?? "").replaceAll("`", ""), trimmed];
    }),
  );
}

const withoutMarks = (cell: string): string => cell.replaceAll("`", "");
const isLiteral = (cell: string): boolean => /^`[^`]*`$/.test(cell);
const membersOf = ({ members, items }: ArgumentRule<Surroundings>): string[] =>
  Object.keys(members ?? items?.members ?? {});

for (const component of COMPONENTS) {
  const { name, table, file, document, columns } = component;
  const rules = rulesByPath(table);
  const rows = rowsOf(component);
  const documented = [...rules].flatMap(([path, rule]) => {
    const row = rows.get(path);
    return row === undefined ? [] : [{ path, rule, row }];
  });

  describe(`${name}'s arguments`, () => {
    it("are the same in its interface and in its table", () => {
      const declared = declaredPaths(join(projectRoot, file), `${name}Args`);
      assert.deepEqual([...declared.keys()].sort(), [...rules.keys()].sort());
      for (const [path, isRequired] of declared) {
        const expected = rules.get(path)?.required === true && !REQUIRED_OF_ONE_WAY.includes(path);
        assert.equal(isRequired, expected, path);
      }
    });

    it(`are all in docs/${document}, and no others: each in a row, or named where its object is`, () => {
      const strangers = [...rows.keys()].filter((path) => !rules.has(path));
      assert.deepEqual(strangers, []);
      const missing = [...rules.keys()].filter((path) => {
        const at = path.lastIndexOf(".");
        const bound = rows.get(path.slice(0, at).replace(/\.\*$/, ""))?.[columns.bound] ?? "";
        return !rows.has(path) && !bound.includes(`\`${path.slice(at + 1)}\``);
      });
      assert.deepEqual(missing, []);
    });

    it(`have a row of ${columns.count} cells each, one for each member where there is one for any`, () => {
      for (const { path, rule, row } of documented) {
        assert.equal(row.length, columns.count, path);
        const below = membersOf(rule).map((member) =>
          [`${path}.${member}`, `${path}.*.${member}`].some((each) => rows.has(each)),
        );
        assert.ok(new Set(below).size <= 1, path);
      }
    });

    it(`have in docs/${document} the defaults that the code has`, () => {
      for (const { path, rule, row } of documented) {
        const cell = row[columns.default] ?? "";
        assert.equal(/^required\b/.test(cell), rule.required === true, `${path}: ${cell}`);
        const literal =
          typeof rule.default === "string" ? rule.default : JSON.stringify(rule.default);
        if (literal === undefined) assert.ok(!isLiteral(cell), `${path}: ${cell}`);
        else assert.equal(cell, `\`${literal}\``, path);
      }
    });

    it(`have in docs/${document} the bounds and choices that the code has`, () => {
      const bounded = documented.filter(({ rule }) => rule.bound !== undefined);
      assert.ok(bounded.length > 3);
      for (const { path, rule, row } of bounded) {
        const cell = withoutMarks(row[columns.bound] ?? "");
        const bound = rule.bound ?? "";
        const rest = cell.slice(bound.length);
        assert.ok(cell.startsWith(bound) && /^($|[,; ])/.test(rest), `${path}: ${cell}, ${bound}`);
        const isChoice = (rule.choices ?? rule.items?.choices) !== undefined;
        if (isChoice)
          assert.match(rest, /^($|;)/, `${path}: ${cell} has more choices than ${bound}`);
      }
    });
  });
}
