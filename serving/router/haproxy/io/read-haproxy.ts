// Reads what a running HAProxy serves.
import { readLive, type LiveModel } from "../core/live-model";
import { MAPS } from "../core/names";
import type { RuntimeSocket } from "./runtime-socket";

/** Reads everything, which takes HAProxy a while: only after a start or a failure. */
export async function readHaproxy(socket: RuntimeSocket): Promise<LiveModel> {
  const map = (name: string) => socket.command(`show map ${name}`);
  return readLive({
    show: await socket.command("aml show"),
    endpoints: await map(MAPS.endpoints),
    keys: await map(MAPS.keys),
    versions: await map(MAPS.versions),
    ready: await map(MAPS.ready),
  });
}
