// `npm run check`: format, lint, types and the unit tests, in about a minute.
import { runMocha, staticChecks } from "../checks";

async function main(): Promise<void> {
  await staticChecks();
  await runMocha(["--ignore", "tests/features/**", ...process.argv.slice(2)]);
}

void main();
