// Counts the requests that HAProxy has, from HAProxy alone: the agent may know nothing yet.
import { askLoad, askTable } from "../../load/io/ask-load";
import { readLoad } from "../../load/core/read-load";
import { TABLES } from "../../haproxy/core/names";
import type { RuntimeSocket } from "../../haproxy/io/runtime-socket";

/** Of a socket that nobody listens at. */
const NOBODY = ["ECONNREFUSED", "ENOENT"];

/**
 * Requests from their first byte on: those that arrive, wait or are answered, and those that models compute for nobody.
 * 0 when there is no HAProxy. Throws when HAProxy doesn't say.
 */
export async function countRequests(socket: RuntimeSocket): Promise<number> {
  try {
    const arrived = await askTable(socket, TABLES.arrived, "conn_cur");
    const load = await askLoad(socket);
    let known = 0;
    for (const version of readLoad({ arrived, computing: "", load }, new Map()).values())
      known += version.present + version.orphans;
    // The dump of all sessions is long, and only needed for requests whose body is still on its way.
    return known > 0 ? known : countSessions(await socket.command("show sess"));
  } catch (error) {
    if (NOBODY.includes(codeOf(error) ?? "")) return 0;
    throw error;
  }
}

/** Lines of `show sess` that are requests of clients. */
function countSessions(reply: string): number {
  if (!reply.includes(" fe=")) throw new Error(`HAProxy replied '${reply.slice(0, 80)}'`);
  return [...reply.matchAll(/^\S+: .* fe=public /gm)].length;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return codeOf(error.cause) ?? (error as NodeJS.ErrnoException).code;
}
