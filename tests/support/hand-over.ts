// A version goes from one router to another, as the routers' protocol will do it: places that are in use come back one by one.
import { setTimeout as sleep } from "node:timers/promises";
import { readDraining } from "../../serving/router/load/core/read-load";
import type { PeerRouters, View } from "./peer-routers";

/**
 * The new owner has no place at first; the former one stops using its replicas, passes its queue on, and tells how many
 * requests each replica still has of it.
 * @param limit places of each replica
 */
export async function handOver(
  peers: PeerRouters,
  { from, view, limit = 1 }: { from: number; view: View; limit?: number },
): Promise<void> {
  const pods = view.slices.flatMap(({ endpoints }) =>
    (endpoints ?? []).map(({ targetRef }) => targetRef?.name ?? ""),
  );
  const key = "ns.churn.blue";
  await peers.tell(view.owner, { ...view, held: new Map(pods.map((pod) => [pod, limit])) });
  await peers.tell(from, view);
  const others = [...peers.routers.keys()].filter((each) => each !== from && each !== view.owner);
  for (const each of others) await peers.tell(each, view);
  for (;;) {
    const load = await peers.routers[from]?.haproxy.socket.command("aml load");
    const left = Object.entries(readDraining(load ?? "").get(key) ?? {});
    const held = new Map(left.filter(([, count]) => count > 0));
    await peers.tell(view.owner, { ...view, held });
    if (held.size === 0) return;
    await sleep(5);
  }
}
