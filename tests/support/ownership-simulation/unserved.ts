// What isn't served in a simulated world in which nothing is wrong any more.
import { ORPHAN_MS, type Simulation } from "./simulation";

/** Says for each version what keeps it from being served in full. */
export function unserved(simulation: Simulation): string[] {
  return simulation.versions().flatMap((version) => {
    const owners = simulation
      .living()
      .filter(({ ownership }) => ownership.ownerOf(version) === ownership.id);
    const places = owners.map(({ ownership, clock }) =>
      simulation
        .replicasOf(version)
        .map((replica) =>
          ownership.placesOf(version, replica, simulation.options.limit, clock(simulation.nowMs)),
        ),
    );
    const isServed =
      places.length === 1 &&
      places[0]?.every((count) => count === simulation.options.limit) === true &&
      simulation.nowMs - (simulation.lastBegunMs.get(version) ?? 0) < ORPHAN_MS;
    return isServed
      ? []
      : [`${version}: ${owners.map(({ pod }) => pod).join()} with ${JSON.stringify(places)}`];
  });
}
