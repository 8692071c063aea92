// A router with two replicas: for the stories on a real HAProxy, and for benchmarks.
import type { HaproxySettings } from "../../serving/router/haproxy/core/haproxy-settings";
import { startReplica, type Replica } from "./replica";
import { startTestRouter, type TestRouter } from "./test-router";

export interface RouterWithReplicas {
  readonly router: TestRouter;
  readonly one: Replica;
  readonly two: Replica;
}

/** Starts all three; the parameters are those of startTestRouter. */
export async function startRouter(
  ...parameters: Parameters<typeof startTestRouter>
): Promise<RouterWithReplicas> {
  const [router, one, two] = await Promise.all([
    startTestRouter(...parameters),
    startReplica(),
    startReplica(),
  ]);
  return { router, one, two };
}

export async function stopRouter({ router, one, two }: RouterWithReplicas): Promise<void> {
  await Promise.all([router.stop(), one.stop(), two.stop()]);
}

/**
 * Hooks of a `describe`: all three run while its stories do, and each story begins without an endpoint.
 * @param use gets them before the first story
 */
export function setUpRouter(
  use: (started: RouterWithReplicas) => void,
  tlsDirectory: () => string | undefined = () => undefined,
  more: Partial<HaproxySettings> = {},
): void {
  let started: RouterWithReplicas | undefined;
  before(async function () {
    this.timeout(300_000); // the first run builds the image
    started = await startRouter(tlsDirectory(), more);
    use(started);
  });
  beforeEach(async () => {
    await started?.router.serve([], []);
    started?.one.reset();
    started?.two.reset();
  });
  after(async () => {
    if (started !== undefined) await stopRouter(started);
  });
}
