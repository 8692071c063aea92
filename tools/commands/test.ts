// `npm test`: the static checks and every test with real parts; arguments go to mocha (`npm test -- --grep drift`), then without the static checks.
import { checkAndRunAllTests, runMocha } from "../checks";

const mochaArguments = process.argv.slice(2);
void (mochaArguments.length > 0 ? runMocha(mochaArguments) : checkAndRunAllTests());
