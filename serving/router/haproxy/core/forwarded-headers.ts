// What models learn about the client's own connection: X-Forwarded-*, Forwarded; and what they don't: headers of the connection.
import { type HaproxySettings } from "./haproxy-settings";

/** Rules for all headers but X-Forwarded-Prefix; the client's own are kept only from trusted proxies. */
export function forwardedHeaders({ trustedProxies = [], tls }: HaproxySettings): string {
  const scheme = tls === undefined ? "http" : "%[ssl_fc,iif(https,http)]";
  const port = tls === undefined ? "80" : "%[ssl_fc,iif(443,80)]";
  // RFC 7239; a host with a quote or a backslash has been refused.
  const element = `for=%[src];host=\\"%[req.fhdr(host)]\\";proto=${scheme}`;
  const hasTrusted = trustedProxies.length > 0;
  // A request without a source comes from this HAProxy, which has been here with it before.
  const fromClient = `if { src -m found }${hasTrusted ? " !trusted_proxy" : ""}`;
  // The port of the address that the client called: the pod's own one is another.
  const hasPort = "{ req.fhdr(host),port_only gt 0 }";
  const rules = [
    ...trustedProxies.map((network) => `acl trusted_proxy src ${network}`),
    ...(hasTrusted ? fromProxy(element) : []),
    `http-request del-header x-forwarded- -m beg ${fromClient}`,
    `http-request set-header forwarded "${element}" ${fromClient}`,
    `http-request add-header x-forwarded-proto ${scheme} ${fromClient}`,
    `http-request add-header x-forwarded-host %[req.fhdr(host)] ${fromClient}`,
    `http-request add-header x-forwarded-port %[req.fhdr(host),port_only] ${fromClient} ${hasPort}`,
    `http-request add-header x-forwarded-port ${port} ${fromClient} !${hasPort}`,
  ];
  return `  option forwardfor if-none
${rules.map((rule) => `  ${rule}`).join("\n")}`;
}

const NO_PORT = "!{ req.hdr(x-forwarded-port) -m found }";

/** A trusted proxy's headers are continued, and completed. */
function fromProxy(element: string): string[] {
  const rule = (header: string, value: string, condition = `!{ req.hdr(${header}) -m found }`) =>
    `http-request set-header ${header} ${value} if trusted_proxy ${condition}`;
  const list = (header: string, value: string) =>
    rule(header, `"%[req.fhdr(${header})], ${value}"`, `{ req.hdr(${header}) -m found }`);
  return [
    list("x-forwarded-for", "%[src]"),
    list("forwarded", element),
    rule("x-forwarded-proto", "%[ssl_fc,iif(https,http)]"),
    rule("x-forwarded-host", "%[req.fhdr(host)]"),
    rule("x-forwarded-port", "443", `${NO_PORT} { req.hdr(x-forwarded-proto) -i https }`),
    rule("x-forwarded-port", "80"),
  ];
}

/** The path that clients call this endpoint by, below a prefix of a trusted proxy; before the path is set. */
export function forwardedPrefix({ trustedProxies = [] }: HaproxySettings): string {
  const path = "/%[path,field(2,/,4)]";
  if (trustedProxies.length === 0) return `  http-request add-header x-forwarded-prefix ${path}`;
  return `  http-request set-header x-forwarded-prefix %[req.fhdr(x-forwarded-prefix)]${path}`;
}

/** Rules of a request, before any that sets a header: RFC 9110, 7.6.1. HAProxy itself reads and removes `close` and `keep-alive`. */
export const REQUEST_CONNECTION_HEADERS = `  http-request lua.connection_headers if { req.hdr(connection) -m found }
  http-request del-header upgrade if { req.hdr(upgrade) -m found } !{ req.hdr(connection) -m found }
  http-request del-header keep-alive
  http-request del-header proxy-connection
  http-request del-header te if { req.hdr(te) -m found } !{ req.fhdr(te) -m str trailers }`;

/** The same of a model's response. */
export const RESPONSE_CONNECTION_HEADERS = `  http-response lua.connection_headers if { res.hdr(connection) -m found }
  http-response del-header upgrade if { res.hdr(upgrade) -m found } !{ res.hdr(connection) -m found }
  http-response del-header keep-alive
  http-response del-header proxy-connection`;
