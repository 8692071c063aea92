// The frontend that clients see, and the backend in which they wait until a new HAProxy is filled.
import { ALL_REQUESTS } from "../../../../contracts/model-endpoint/limits";
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
  REQUEST_CONNECTION_HEADERS,
  RESPONSE_CONNECTION_HEADERS,
  sourceHeaders,
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
import { clientRules } from "./client-rules";
import { COUNTED, FORWARD_CHOICE } from "./peers";
import { ODD_PATH } from "./path-lua";
import { bodyRules, TOO_LARGE } from "./request-bodies";
import { wrongKeyRules } from "./wrong-keys";

/** Characters of an id header at most (azureml-semantics, row 62). */
const MAX_ID_LENGTH = 100;

/** Methods of an endpoint's paths; the model decides what they mean. */
const METHODS = ["GET", "POST", "OPTIONS"];

const ON_PATH = `{ path_beg ${SERVICE_PATH} ${ENDPOINT_PATH} }`;
const IN_PART = `{ path,field(6,/) -m str ${SCORE} ${SWAGGER} }`;
const BY_METHOD = `{ method ${METHODS.join(" ")} }`;

const IS_PROBE = `{ path ${PROBE_PATH} } { method GET HEAD }`;

/** Of an upgrade nobody could tell what comes afterwards. */
const PREFLIGHT =
  "{ method OPTIONS } { req.hdr(origin) -m found } { req.hdr(access-control-request-method) -m found } !{ req.hdr(upgrade) -m found } { req.body_size eq 0 } { internal.htx.has_eom }";

/** Of certificate authorities that check a domain over plain HTTP (RFC 8555, 8.3). */
const ACME_PATH = "/.well-known/acme-challenge/";

/** Where clients come in: which endpoint and version they ask for, and whether they may. */
export function publicFrontend(settings: HaproxySettings): string {
  const { httpBind, tls, abstractName, peers } = settings;
  const counted = peers === undefined ? "version" : "counted";
  const notFound = reply(404, "NotFound", "There is nothing at this address.");
  const tlsBind =
    tls === undefined
      ? ""
      : `\n  bind ${tls.bind} ssl crt ${CERTIFICATE_NAME} ssl-min-ver TLSv1.2 alpn h2,http/1.1`;
  return `frontend public from clients
  bind ${httpBind}${tlsBind}
  bind ${abstractSocket(abstractName, "public")}
${clientRules(settings)}  # The headers of the client's connection go no further.
${REQUEST_CONNECTION_HEADERS}
  http-request del-header ${HOP_HEADERS.prefix} -m beg
  http-request set-var(txn.origin) req.fhdr(origin)
${ID_RULES}
${sourceHeaders(settings)}
  http-request lua.normalise_path if ${ODD_PATH}
  # Which endpoint: all that have none, probes among them, are for the backend "unrouted".
  http-request set-var(txn.endpoint) path,field(5,/)
  http-request set-var(txn.route) var(txn.endpoint),map_str(${MAPS.endpoints}) if ${ON_PATH} ${IN_PART} ${BY_METHOD}
  http-request allow unless { var(txn.route) -m found }
${insecureTraffic(settings)}  # Every mode that isn't None needs a key: a request without goes to "unrouted", too. A browser sends none when it asks
  # what a page may do (a preflight), which has no body: nobody without a key sends the model any data.
  http-request set-var(txn.digest) http_auth_bearer,concat(@,txn.endpoint),sha2(256),hex,lower
  http-request allow unless { var(txn.route) -m beg None: } || { var(txn.endpoint),concat(:,txn.digest),map_str(${MAPS.keys}) -m found } || ${PREFLIGHT}
  http-request del-header authorization
  # The rest.
  ${TOO_LARGE} if { req.hdr(content-length) -m int gt ${MAX_BODY_BYTES} }
${tooLongIds()}
  http-request set-header x-ms-request-id %[var(txn.request_id)]
${VERSION_CHOICE}
  http-request set-var(txn.target) var(txn.endpoint),concat(:,txn.name),map_str(${MAPS.versions})
  ${reply(404, "VersionNotFound", `The endpoint ${escaped("endpoint")} has no version ${escaped("name")}.`)} unless { var(txn.target) -m found }
  http-request set-var(txn.version) var(txn.target),word(1,:)
  http-request set-var(txn.id) txn.id32
  http-request set-header ${HOP_HEADERS.request} %[var(txn.id)]:%[var(txn.target)]
  http-request track-sc1 var(txn.id) table ${TABLES.requests}
${peers === undefined ? "" : `${COUNTED}\n`}${bodyRules(settings, `track-sc0 var(txn.${counted}) table ${TABLES.arrived}`)}
${RESPONSE_CONNECTION_HEADERS}
  http-after-response set-header x-ms-request-id %[var(txn.request_id)] if { var(txn.request_id) -m found }
  http-after-response set-header x-ms-client-request-id %[var(txn.client_request_id)] if ${isId("var(txn.client_request_id)")}
${originRules()}
  use_backend unrouted unless { var(txn.version) -m found }
${peers === undefined ? "" : `${FORWARD_CHOICE}\n`}  use_backend ${outerBackend("%[var(txn.version)]")}

backend unrouted from clients
  timeout connect 1s
  timeout server 24h
  # Probes of load balancers: whether this router serves, and nothing more.
  http-request unset-var(txn.request_id) if ${IS_PROBE}
  http-request unset-var(txn.client_request_id) if ${IS_PROBE}
  http-request return status 200 if ${IS_PROBE} ${IS_READY}
  http-request return status 503 if ${IS_PROBE}
${wrongKeyRules()}
${insecureTraffic(settings)}  ${notFound} unless ${ON_PATH} ${IN_PART}
  ${reply(405, "MethodNotAllowed", `The methods here are ${METHODS.join(", ")}.`, ` hdr Allow "${METHODS.join(", ")}"`)} unless ${BY_METHOD}
  ${reply(404, "EndpointNotFound", `There is no endpoint ${escaped("endpoint")}.`)} if ${IS_READY}
  # A HAProxy that just started knows no endpoint: such requests wait until it is filled.
${`  http-request pause 100 unless ${IS_READY}\n`.repeat(20)}  http-request return status 503 default-errorfiles unless ${IS_READY}
  server again ${abstractSocket(abstractName, "public")}`;
}

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
  // Of the inner layer: whatever status of 500 and above a model gave is 502 with this header.
  const ofModel = `{ res.timer.hdr ge 0 } { status lt 500 } || { res.hdr(${MODEL_ERROR_HEADER}) -m found }`;
  return `  http-after-response allow unless { var(txn.origin) -m found }
  http-after-response allow if ${ofModel}
  http-after-response set-header access-control-allow-origin %[var(txn.origin)]
  http-after-response set-header access-control-expose-headers "retry-after, x-ms-request-id, x-ms-client-request-id"
  http-after-response add-header vary origin`;
}

const isId = (sample: string) => `{ ${sample} -m len 1:${MAX_ID_LENGTH} }`;

/** An id that is too long is no id of this request: see {@link tooLongIds}. */
const ID_RULES = `  http-request set-var(txn.request_id) req.hdr(x-ms-request-id)
  http-request set-var(txn.request_id) uuid() unless ${isId("var(txn.request_id)")}
  http-request set-var(txn.client_request_id) req.hdr(x-ms-client-request-id)`;

function tooLongIds(): string {
  return ["x-ms-request-id", "x-ms-client-request-id", "x-request-id"]
    .map((name) => {
      const message = `The header ${name} may have ${MAX_ID_LENGTH} characters.`;
      return `  ${reply(431, "HeaderTooLarge", message)} if { req.hdr(${name}) -m len gt ${MAX_ID_LENGTH} }`;
    })
    .join("\n");
}

/**
 * Sets `txn.name`: a route reads `<mode>:<upper bound>:<version>:…`, bounds in 1/100 percent, the last one ALL_REQUESTS.
 * The two versions that have most requests are chosen here: Lua costs more than all these rules.
 */
const VERSION_CHOICE = `  http-request set-var(txn.name) var(txn.route),word(3,:)
  http-request set-var(txn.roll) rand(${ALL_REQUESTS})
  http-request set-var(txn.left) var(txn.route),word(2,:),sub(txn.roll)
  http-request set-var(txn.name) var(txn.route),word(5,:) if { var(txn.left) -m int le 0 }
  http-request lua.choose_version if { var(txn.left) -m int le 0 } { var(txn.route),word(4,:),sub(txn.roll) le 0 }
  http-request set-var(txn.name) req.hdr(${VERSION_HEADER})`;
