// `npm run bench`: every figure as a table on the screen and as JSON in a file; `npm run bench -- <words>` runs the scenarios whose names contain one of them.
import { writeFileSync } from "node:fs";
import { scenarios } from "../bench";
import { renderTable } from "../quickstart";

const file = "bench.json";

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const chosen = scenarios.filter(
    ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
  );
  if (chosen.length === 0) {
    const names = scenarios.map(({ name }) => name).join(", ");
    throw new Error(`No scenario's name contains ${words.join(" or ")}; there are: ${names}`);
  }
  const figures = [];
  for (const scenario of chosen) {
    console.error(`${scenario.name} …`);
    figures.push(...(await scenario.run()));
  }
  const header = ["figure", "value", "unit", "baseline", "ratio", "min", "max", "runs"];
  const cell = (value: number | undefined) =>
    value === undefined ? "" : Number(value.toPrecision(3));
  console.log(
    renderTable(
      header,
      figures.map(({ name, value, unit, baseline, ratio, min, max, runs }) => [
        name,
        cell(value),
        unit,
        cell(baseline),
        cell(ratio),
        cell(min),
        cell(max),
        cell(runs),
      ]),
    ),
  );
  writeFileSync(file, `${JSON.stringify(figures, undefined, 2)}\n`);
  console.log(`\nAlso in ${file}.`);
}

void main();
