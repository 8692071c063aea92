// Asks HAProxy for what its tables and `aml load` say; a reply that isn't one is an error, never "nothing".
import { loadProblem, tableProblem } from "../core/read-load";
import type { RuntimeSocket } from "../../haproxy/io/runtime-socket";

/** Entries of the table in which `field` is above zero. */
export async function askTable(
  socket: RuntimeSocket,
  table: string,
  field: string,
): Promise<string> {
  const reply = await socket.command(`show table ${table} data.${field} gt 0`);
  refuse(tableProblem(table, reply));
  return reply;
}

export async function askLoad(socket: RuntimeSocket): Promise<string> {
  const reply = await socket.command("aml load");
  refuse(loadProblem(reply));
  return reply;
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new Error(problem);
}
