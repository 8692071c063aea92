// `npm test`: the static checks and every test with real parts; arguments go to mocha (`npm test -- --grep drift`), then without the static checks.
import { runAllMocha, runMocha, staticChecks } from "../checks";

async function main(): Promise<void> {
  const mochaArguments = process.argv.slice(2);
  if (mochaArguments.length > 0) await runMocha(mochaArguments);
  await staticChecks();
  await runAllMocha();
}

void main();
