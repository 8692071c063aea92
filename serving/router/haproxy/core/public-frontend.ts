// The frontend that clients see, and the backend in which they wait until a new HAProxy is filled.
import { ALL_REQUESTS } from "../../../../contracts/model-endpoint/limits";
import { MAX_VERSIONS } from "../../../../contracts/model-endpoint/model-endpoint";
import { InsecureTraffic } from "../../../../contracts/choices";
import {
  ENDPOINT_PATH,
  MAX_BODY_BYTES,
  PROBE_PATH,
  SCORE,
  SERVICE_PATH,
  SWAGGER,
  VERSION_HEADER,
} from "../../../../contracts/scoring-api";
import { escaped, reply } from "./answers";
import {
  forwardedHeaders,
  forwardedPrefix,
  REQUEST_CONNECTION_HEADERS,
  RESPONSE_CONNECTION_HEADERS,
} from "./forwarded-headers";
import type { HaproxySettings } from "./haproxy-settings";
import {
  abstractSocket,
  CERTIFICATE_NAME,
  HOP_HEADERS,
  IS_READY,
  MAPS,
  MODEL_ERROR_HEADER,
  outerBackend,
  TABLES,
} from "./names";
import { bodyRules, TOO_LARGE } from "./request-bodies";

/** Characters of an id header at most (azureml-semantics, row 62). */
const MAX_ID_LENGTH = 100;

/** Methods of an endpoint's paths; the model decides what they mean. */
const METHODS = ["GET", "POST", "OPTIONS"];

/** Of certificate authorities that check a domain over plain HTTP (RFC 8555, 8.3). */
const ACME_PATH = "/.well-known/acme-challenge/";

/** Where clients come in: which endpoint and version they ask for, and whether they may. */
export function publicFrontend(settings: HaproxySettings): string {
  const { httpBind, tls, abstractName, maxClients } = settings;
  const notFound = reply(404, "NotFound", "There is nothing at this address.");
  const tlsBind =
    tls === undefined
      ? ""
      : `\n  bind ${tls.bind} ssl crt ${CERTIFICATE_NAME} ssl-min-ver TLSv1.2 alpn h2,http/1.1`;
  return `frontend public from clients
  bind ${httpBind}${tlsBind}
  bind ${abstractSocket(abstractName, "public")}${maxClients === undefined ? "" : `\n  maxconn ${maxClients}`}
  # Probes of load balancers: whether this router serves, and nothing more.
  http-request return status 200 if { path ${PROBE_PATH} } { method GET HEAD } ${IS_READY}
  http-request return status 503 if { path ${PROBE_PATH} } { method GET HEAD }
  # The headers of the client's connection go no further.
${REQUEST_CONNECTION_HEADERS}
  http-request del-header ${HOP_HEADERS.prefix} -m beg
  http-request set-var(txn.origin) req.fhdr(origin)
${idRules()}
  ${reply(400, "BadRequest", "The header Host may have no quotes.")} if { req.fhdr(host) -m sub \\" \\\\ }
${forwardedHeaders(settings)}
${insecureTraffic(settings)}  # 404: the path, then the endpoint. A HAProxy that just started knows none: such requests wait until it is filled.
  ${notFound} unless { path_beg ${SERVICE_PATH} ${ENDPOINT_PATH} }
  http-request set-var(txn.part) path,field(6,/)
  ${notFound} unless { var(txn.part) -m str ${SCORE} } || { var(txn.part) -m str ${SWAGGER} }
  ${reply(405, "MethodNotAllowed", `The methods here are ${METHODS.join(", ")}.`, ` hdr Allow "${METHODS.join(", ")}"`)} unless { method ${METHODS.join(" ")} }
  http-request set-var(txn.endpoint) path,field(5,/)
  http-request set-var(txn.route) var(txn.endpoint),map_str(${MAPS.endpoints})
  http-request allow if !{ var(txn.route) -m found } !${IS_READY}
  ${reply(404, "EndpointNotFound", `There is no endpoint ${escaped("endpoint")}.`)} unless { var(txn.route) -m found }
  # 401: every mode that isn't None needs a key. A browser sends none when it asks what a page may do (a preflight).
  http-request set-var(txn.digest) http_auth_bearer,concat(@,txn.endpoint),sha2(256),hex,lower
  http-request set-var(txn.preflight) bool(true) if { method OPTIONS } { var(txn.origin) -m found } { req.hdr(access-control-request-method) -m found }
  ${unauthorized} unless { var(txn.route) -m beg None: } || { var(txn.endpoint),concat(:,txn.digest),map_str(${MAPS.keys}) -m found } || { var(txn.preflight) -m found }
  http-request del-header authorization
  # The rest.
  ${TOO_LARGE} if { req.hdr(content-length) -m int gt ${MAX_BODY_BYTES} }
  ${reply(431, "HeaderTooLarge", `The header %[var(txn.too_long)] may have ${MAX_ID_LENGTH} characters.`)} if { var(txn.too_long) -m found }
  http-request set-header x-ms-request-id %[var(txn.request_id)]
${versionChoice()}
  http-request set-var(txn.target) var(txn.endpoint),concat(:,txn.name),map_str(${MAPS.versions})
  ${reply(404, "VersionNotFound", `The endpoint ${escaped("endpoint")} has no version ${escaped("name")}.`)} unless { var(txn.target) -m found }
  http-request set-var(txn.version) var(txn.target),word(1,:)
${forwardedPrefix(settings)}
  http-request set-path /%[path,field(6,/,0)]
  http-request set-var(txn.id) txn.id32
  http-request set-header ${HOP_HEADERS.request} %[var(txn.id)]:%[var(txn.target)]
  # A preflight has no body: nobody without a key sends the model any data.
  ${unauthorized} if { var(txn.preflight) -m found } ${needsKey} { req.body_size gt 0 } || { var(txn.preflight) -m found } ${needsKey} !{ internal.htx.has_eom }
${bodyRules(settings)}
  http-request track-sc0 var(txn.version) table ${TABLES.arrived}
  http-request track-sc1 var(txn.id) table ${TABLES.waiting}
${RESPONSE_CONNECTION_HEADERS}
  http-after-response set-header x-ms-request-id %[var(txn.request_id)] if { var(txn.request_id) -m found }
  http-after-response set-header x-ms-client-request-id %[var(txn.client_request_id)] if { var(txn.client_request_id) -m found }
${originRules()}
  use_backend filling unless { var(txn.route) -m found }
  use_backend ${outerBackend("%[var(txn.version)]")}

backend filling from clients
  timeout connect 1s
  timeout server 24h
${`  http-request pause 100 unless ${IS_READY}\n`.repeat(20)}  http-request return status 503 default-errorfiles unless ${IS_READY}
  server again ${abstractSocket(abstractName, "public")}`;
}

/** The key of a preflight is not looked at: with a body it is refused either way. */
const needsKey = "!{ var(txn.route) -m beg None: }";

const unauthorized = reply(
  401,
  "Unauthorized",
  `The endpoint ${escaped("endpoint")} needs one of its keys as bearer token.`,
  " hdr WWW-Authenticate Bearer",
);

/** Empty without TLS. A proxy in front that ended TLS says so, and is trusted to. */
function insecureTraffic({ tls, insecureTraffic: way }: HaproxySettings): string {
  if (tls === undefined) return "";
  const refused = reply(403, "HttpsRequired", "This address is served over HTTPS only.");
  const insecure = "{ req.hdr(x-forwarded-proto) -i http }";
  switch (way ?? InsecureTraffic.Redirect) {
    case InsecureTraffic.Allow:
      return "";
    case InsecureTraffic.Refuse:
      return `  ${refused} if ${insecure}\n`;
    case InsecureTraffic.Redirect:
      return `  http-request redirect code 308 location https://%[req.fhdr(host),host_only]%[pathq] if ${insecure} { req.fhdr(host) -m len gt 0 } !{ path_beg ${ACME_PATH} }
  ${refused} if ${insecure} !{ path_beg ${ACME_PATH} }\n`;
  }
}

/** The router's own errors may be read by the page that asked (CORS); what a model says about origins stays as it is. */
function originRules(): string {
  const own = [
    "{ var(txn.origin) -m found } { res.timer.hdr lt 0 }",
    // Of the inner layer: whatever status of 500 and above a model gave is 502 with this header.
    `{ var(txn.origin) -m found } { status ge 500 } !{ res.hdr(${MODEL_ERROR_HEADER}) -m found }`,
  ].join(" || ");
  return `  http-after-response set-header access-control-allow-origin %[var(txn.origin)] if ${own}
  http-after-response set-header access-control-expose-headers "retry-after, x-ms-request-id, x-ms-client-request-id" if ${own}
  http-after-response add-header vary origin if ${own}`;
}

/** Each header is looked up once. One that is too long is named in `txn.too_long`, and is no id of this request. */
function idRules(): string {
  const tooLong = (value: string, name: string) =>
    `http-request set-var(txn.too_long) str(${name}) if { ${value} -m len gt ${MAX_ID_LENGTH} }`;
  const isId = (variable: string) => `{ var(txn.${variable}) -m len 1:${MAX_ID_LENGTH} }`;
  return [
    "http-request set-var(txn.client_request_id) req.hdr(x-ms-client-request-id)",
    tooLong("var(txn.client_request_id)", "x-ms-client-request-id"),
    `http-request unset-var(txn.client_request_id) unless ${isId("client_request_id")}`,
    "http-request set-var(txn.request_id) req.hdr(x-ms-request-id)",
    tooLong("var(txn.request_id)", "x-ms-request-id"),
    `http-request set-var(txn.request_id) uuid() unless ${isId("request_id")}`,
    tooLong("req.hdr(x-request-id)", "x-request-id"),
  ]
    .map((rule) => `  ${rule}`)
    .join("\n");
}

/**
 * Sets `txn.name`: a route reads `<mode>:<upper bound>:<version>:…`, bounds in 1/100 percent, the last one ALL_REQUESTS.
 * `txn.left<n>` is only set, and looked at, when no version before has been chosen.
 */
function versionChoice(): string {
  const choices = Array.from({ length: MAX_VERSIONS }, (_, index) => {
    const condition = index === 0 ? "" : ` if { var(txn.left${index - 1}) -m int le 0 }`;
    const choose = `  http-request set-var(txn.name) var(txn.route),word(${2 * index + 3},:)${condition}`;
    // The last version needs no bound: whoever comes so far gets it.
    if (index === MAX_VERSIONS - 1) return choose;
    return `${choose}
  http-request set-var(txn.left${index}) var(txn.route),word(${2 * index + 2},:),sub(txn.roll)${condition}`;
  });
  return `  http-request set-var(txn.roll) rand(${ALL_REQUESTS})
${choices.join("\n")}
  http-request set-var(txn.name) req.hdr(${VERSION_HEADER}) if { req.hdr(${VERSION_HEADER}) -m found }`;
}
