// `npm run policies`: writes docs/policies.md from the policy pack.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { policiesDocument } from "../../policy/core/catalog/document";
import { projectRoot } from "../checkout";

writeFileSync(join(projectRoot, "docs/policies.md"), policiesDocument());
