// Requests to a cluster that isn't there fail at once, in tests of what is said then.
import { RETRY_SECONDS } from "../../kubernetes/io/kube-client";

/** Call it in a `describe`: holds for its tests. */
export function withoutRetries(): void {
  const given = process.env[RETRY_SECONDS];
  before(() => {
    process.env[RETRY_SECONDS] = "0";
  });
  after(() => {
    if (given === undefined) delete process.env[RETRY_SECONDS];
    else process.env[RETRY_SECONDS] = given;
  });
}
