// The simulated worlds of the tests.
import { Simulation } from "./simulation";
import type { SimulationOptions } from "./simulation-options";
import { unserved } from "./unserved";

/** 2 and 3 routers × 2 replicas, and 5 × 1, with one or two requests per replica. */
export function world(seed: number, more: Partial<SimulationOptions> = {}): Simulation {
  const [routers = 2, replicas = 2] =
    [
      [5, 1],
      [2, 2],
      [3, 2],
    ][seed % 3] ?? [];
  const limit = seed % 4 === 0 ? 2 : 1;
  return new Simulation({ seed, routers, versions: 3, replicas, limit, hasFaults: true, ...more });
}

/** Ends all troubles. @returns what isn't served in full after a time */
export function heal(simulation: Simulation, withinMs: number): string[] {
  const untilMs = simulation.nowMs + withinMs;
  simulation.heal();
  do simulation.run(simulation.nowMs + 500);
  while (simulation.nowMs < untilMs && unserved(simulation).length > 0);
  return unserved(simulation);
}
