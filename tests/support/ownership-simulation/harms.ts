// The troubles of a simulated world.

/** The part of a world that troubles are made of. */
export interface TroubledWorld {
  pods(): string[];
  cut(from: string, to: string, forMs: number): void;
  stall(pod: string, forMs: number): void;
  restart(pod: string): void;
  restartAgent(pod: string): void;
  replace(pod: string): void;
  after(ms: number, run: () => void): void;
}

/** How often each trouble comes, among the others. */
const HARMS: Readonly<Record<string, number>> = {
  "one way": 5,
  "both ways": 4,
  "peers only": 2,
  "all but one peer": 2,
  "to the API": 2,
  "answers of the API, and a peer": 3,
  "API away": 1,
  stall: 2,
  "isolated, then dead": 2,
  "its last peer dead": 2,
  "one peer again": 2,
  restart: 2,
  "restart of the agent": 2,
  replace: 1,
};

/** One trouble, which ends by itself. */
export function harm(
  simulation: TroubledWorld,
  random: () => number,
  harms: Readonly<Record<string, number>> = HARMS,
): void {
  const pods = simulation.pods();
  const [one = "", other = ""] = pods
    .map((pod) => ({ pod, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ pod }) => pod);
  const rest = pods.filter((pod) => pod !== one && pod !== other);
  // Mostly about as long as the bounds, where it matters who is a little earlier.
  const forMs = random() < 0.7 ? 350 + random() * 900 : random() * 3_000;
  const kinds = Object.keys(harms).flatMap((kind) => Array<string>(harms[kind] ?? 0).fill(kind));
  const between = (from: string, to: string, cutMs = forMs): void => {
    simulation.cut(from, to, cutMs);
  };
  const apart = (from: string, to: string, cutMs = forMs): void => {
    between(from, to, cutMs);
    between(to, from, cutMs);
  };
  const isolate = (from: readonly string[], cutMs = forMs): void =>
    from.forEach((pod) => apart(one, pod, cutMs));
  const kind = kinds[Math.floor(random() * kinds.length)] ?? "";
  const run: Readonly<Record<string, () => void>> = {
    "one way": () => between(one, other),
    "both ways": () => apart(one, other),
    "peers only": () => isolate([...rest, other]),
    "all but one peer": () => isolate(["api", ...rest]),
    "to the API": () => between(one, "api"),
    "answers of the API, and a peer": () => {
      between("api", one, 2 * forMs);
      apart(one, other);
    },
    "API away": () => [...pods, "leader"].forEach((pod) => between(pod, "api")),
    stall: () => simulation.stall(one, random() * 900),
    "isolated, then dead": () => {
      isolate([...rest, other]);
      simulation.after(forMs * 0.9, () => simulation.restart(one));
    },
    "its last peer dead": () => {
      rest.forEach((pod) => apart(other, pod, 2_500));
      between(other, "api", 2_500);
      simulation.after(550 + random() * 250, () => simulation.replace(one));
    },
    "one peer again": () => {
      between(one, "api", 2_500);
      isolate(rest, 2_500);
      apart(one, other, 600 + random() * 150);
    },
    restart: () => simulation.restart(one),
    "restart of the agent": () => simulation.restartAgent(one),
    "the API, and one from its peers": () => {
      [...rest, other].forEach((pod) => apart(pod, "api", 4 * forMs));
      isolate([...rest, other], 4 * forMs);
    },
    replace: () => simulation.replace(one),
  };
  run[kind]?.();
}
