// What models learn about the client's own connection: X-Forwarded-*, Forwarded; and what they don't: headers of the connection.
import { type HaproxySettings } from "./haproxy-settings";

const isMissing = (header: string) => `!{ req.hdr(${header}) -m found }`;

/**
 * Rules of the public frontend, which knows the client's connection: X-Forwarded-For, and -Proto where there are two.
 * The client's own X-Forwarded-* and Forwarded are kept only from trusted proxies.
 */
export function sourceHeaders({ trustedProxies = [], tls }: HaproxySettings): string {
  const hasTrusted = trustedProxies.length > 0;
  // A request without a source comes from this HAProxy, which has been here with it before.
  const fromClient = `if { src -m found }${hasTrusted ? " !trusted_proxy" : ""}`;
  const rules = [
    ...trustedProxies.map((network) => `acl trusted_proxy src ${network}`),
    ...(hasTrusted ? FROM_PROXY : []),
    // The same names to a server that knows headers as CGI's variables (WSGI), and no proxy's.
    "http-request del-header x_forwarded -m beg",
    "http-request del-header x-forwarded_ -m beg",
    `http-request del-header x-forwarded- -m beg ${fromClient}`,
    `http-request del-header forwarded${hasTrusted ? ` ${fromClient}` : ""}`,
    ...(tls === undefined
      ? []
      : [`http-request add-header x-forwarded-proto %[ssl_fc,iif(https,http)] ${fromClient}`]),
  ];
  return `  option forwardfor if-none
${rules.map((rule) => `  ${rule}`).join("\n")}`;
}

/** A trusted proxy's headers are continued, and completed. */
const FROM_PROXY = [
  `http-request set-header x-forwarded-for "%[req.fhdr(x-forwarded-for)], %[src]" if trusted_proxy { req.hdr(x-forwarded-for) -m found }`,
  `http-request set-header x-forwarded-proto %[ssl_fc,iif(https,http)] if trusted_proxy ${isMissing("x-forwarded-proto")}`,
  // Its own port is none that clients call.
  `http-request set-header x-forwarded-port 443 if trusted_proxy ${isMissing("x-forwarded-port")} { req.hdr(x-forwarded-proto) -i https }`,
  `http-request set-header x-forwarded-port 80 if trusted_proxy ${isMissing("x-forwarded-port")}`,
];

/**
 * Rules of the inner layer for what the request itself tells: X-Forwarded-Host, -Port and -Prefix, before the path is
 * set. Here, because each header of a request costs once more in each layer that it passes.
 */
export function addressHeaders({ trustedProxies = [], tls }: HaproxySettings): string {
  const hasTrusted = trustedProxies.length > 0;
  const unlessTrusted = (header: string) => (hasTrusted ? ` if ${isMissing(header)}` : "");
  // The port of the address that the client called: the pod's own one is another.
  const hasPort = "{ req.fhdr(host),port_only gt 0 }";
  const noPort = isMissing("x-forwarded-port");
  const prefix = "/%[path,field(2,/,4)]";
  const rules = [
    ...(tls === undefined
      ? [`add-header x-forwarded-proto http${unlessTrusted("x-forwarded-proto")}`]
      : []),
    `add-header x-forwarded-host %[req.fhdr(host)]${unlessTrusted("x-forwarded-host")}`,
    `add-header x-forwarded-port %[req.fhdr(host),port_only] if ${hasPort}${hasTrusted ? ` ${noPort}` : ""}`,
    ...(tls === undefined
      ? []
      : [`add-header x-forwarded-port 443 if ${noPort} { req.hdr(x-forwarded-proto) -i https }`]),
    `add-header x-forwarded-port 80 if ${noPort}`,
    hasTrusted
      ? `set-header x-forwarded-prefix %[req.fhdr(x-forwarded-prefix)]${prefix}`
      : `add-header x-forwarded-prefix ${prefix}`,
  ];
  return rules.map((rule) => `  http-request ${rule}`).join("\n");
}

/** Rules of a request, before any that sets a header: RFC 9110, 7.6.1. HAProxy itself reads and removes `close` and `keep-alive`. */
export const REQUEST_CONNECTION_HEADERS = `  http-request lua.connection_headers if { req.hdr(connection) -m found } || { req.hdr(upgrade) -m found }
  http-request del-header keep-alive
  http-request del-header proxy-connection
  http-request del-header te unless { req.fhdr(te) -m str trailers }`;

/** The same of a model's response. */
export const RESPONSE_CONNECTION_HEADERS = `  http-response lua.connection_headers if { res.hdr(connection) -m found } || { res.hdr(upgrade) -m found }
  http-response del-header keep-alive
  http-response del-header proxy-connection`;
