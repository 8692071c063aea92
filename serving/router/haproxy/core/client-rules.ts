// What one client may take of what all clients share: connections, and requests on HTTP/2 connections.
import { reply } from "./answers";
import type { HaproxySettings } from "./haproxy-settings";
import { TABLES } from "./names";
import { ONE_CLIENT_SHARE } from "./places";

/** Key of the sum in TABLES.multiplexed: no client's address. */
const ALL_CLIENTS = "ipv4(0.0.0.0)";

const TOO_MANY_STREAMS = reply(
  503,
  "TooManyRequests",
  "The router has no room for more requests of this client.",
  " hdr Retry-After 1",
);

/**
 * First rules of the public frontend. Those of connections run once for each; a request of HTTP/1 costs its connection
 * nothing more. A declared proxy is many clients.
 */
export function clientRules({ maxClients, maxStreams, trustedProxies }: HaproxySettings): string {
  const networks = (trustedProxies ?? []).join(" ");
  const noProxy = networks === "" ? "" : ` !{ src ${networks} }`;
  const share = (all: number) => Math.ceil(all * ONE_CLIENT_SHARE);
  const connections =
    maxClients === undefined
      ? []
      : [
          `maxconn ${maxClients}`,
          `tcp-request connection track-sc4 src table ${TABLES.addresses}`,
          `tcp-request connection reject if { sc_conn_cur(4) gt ${share(maxClients)} }${noProxy}`,
        ];
  const streams =
    maxStreams === undefined
      ? []
      : [
          `http-request track-sc5 src table ${TABLES.multiplexed} if { fc_http_major 2 }${noProxy}`,
          `http-request track-sc6 ${ALL_CLIENTS} table ${TABLES.multiplexed} if { fc_http_major 2 }`,
          `${TOO_MANY_STREAMS} if { sc_conn_cur(6) gt ${maxStreams} } || { sc_conn_cur(5) gt ${share(maxStreams)} }`,
        ];
  return [...connections, ...streams].map((line) => `  ${line}\n`).join("");
}
