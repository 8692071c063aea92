// `npm run check`: format, lint, types and the unit tests, in under a minute; arguments go to mocha.
import { checkAndRunUnitTests } from "../checks";

void checkAndRunUnitTests(process.argv.slice(2));
