// What isn't served in a simulated world in which nothing is wrong any more.
import { ORPHAN_MS } from "./simulated-load";
import type { Simulation } from "./simulation";

/** Says for each version what keeps it from being served in full. */
export function unserved(simulation: Simulation): string[] {
  return simulation.versions().flatMap((version) => {
    const owners = simulation
      .living()
      .filter(({ ownership }) => ownership.ownerOf(version) === ownership.id);
    const places = owners.map((agent) =>
      simulation
        .replicasOf(version)
        .map((replica) =>
          agent.ownership.placesOf(version, replica, simulation.options.limit, agent.clock()),
        ),
    );
    const isServed =
      places.length === 1 &&
      places[0]?.every((count) => count === simulation.options.limit) === true &&
      simulation.nowMs - (simulation.load.lastBegunMs.get(version) ?? 0) < ORPHAN_MS;
    return isServed
      ? []
      : [`${version}: ${owners.map(({ pod }) => pod).join()} with ${JSON.stringify(places)}`];
  });
}
