// The frontend that clients see, and the backend in which they wait until a new HAProxy is filled.
import { ALL_REQUESTS } from "../../../../contracts/model-endpoint/limits";
import { MAX_VERSIONS } from "../../../../contracts/model-endpoint/model-endpoint";
import {
  ENDPOINT_PATH,
  SCORE,
  SERVICE_PATH,
  SWAGGER,
  VERSION_HEADER,
} from "../../../../contracts/scoring-api";
import { escaped, reply } from "./answers";
import type { HaproxySettings } from "./haproxy-settings";
import {
  abstractSocket,
  CERTIFICATE_NAME,
  HOP_HEADERS,
  IS_READY,
  MAPS,
  outerBackend,
  TABLES,
} from "./names";

/** Bytes of a request's body at most: v1's 100 MB (azureml-semantics, row 50). */
const MAX_BODY_BYTES = 100 * 1024 * 1024;

/** Characters of an id header at most (azureml-semantics, row 62). */
const MAX_ID_LENGTH = 100;

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
  bind ${abstractSocket(abstractName, "public")}
  option forwardfor${maxClients === undefined ? "" : `\n  maxconn ${maxClients}`}
  http-request del-header ${HOP_HEADERS.prefix} -m beg
  http-request set-var(txn.request_id) req.hdr(x-ms-request-id) if { req.hdr(x-ms-request-id) -m len 1:${MAX_ID_LENGTH} }
  http-request set-var(txn.request_id) uuid() unless { var(txn.request_id) -m found }
  http-request set-var(txn.client_request_id) req.hdr(x-ms-client-request-id) if { req.hdr(x-ms-client-request-id) -m len 1:${MAX_ID_LENGTH} }
  # 404: the path, then the endpoint. A HAProxy that just started knows none: such requests wait until it is filled.
  ${notFound} unless { path_beg ${SERVICE_PATH} ${ENDPOINT_PATH} } { method GET POST OPTIONS }
  http-request set-var(txn.part) path,field(6,/)
  ${notFound} unless { var(txn.part) -m str ${SCORE} } || { var(txn.part) -m str ${SWAGGER} }
  http-request set-var(txn.endpoint) path,field(5,/)
  http-request set-var(txn.route) var(txn.endpoint),map_str(${MAPS.endpoints})
  http-request allow if !{ var(txn.route) -m found } !${IS_READY}
  ${reply(404, "EndpointNotFound", `There is no endpoint ${escaped("endpoint")}.`)} unless { var(txn.route) -m found }
  # 401: every mode that isn't None needs a key.
  http-request set-var(txn.digest) http_auth_bearer,concat(@,txn.endpoint),sha2(256),hex,lower
  ${reply(401, "Unauthorized", `The endpoint ${escaped("endpoint")} needs one of its keys as bearer token.`, " hdr WWW-Authenticate Bearer")} unless { var(txn.route) -m beg None: } || { var(txn.endpoint),concat(:,txn.digest),map_str(${MAPS.keys}) -m found }
  http-request del-header authorization
  # The rest.
  ${reply(413, "PayloadTooLarge", `The body may have ${MAX_BODY_BYTES} bytes.`)} if { req.hdr(content-length) -m int gt ${MAX_BODY_BYTES} }
${ID_HEADERS.map((name) => `  ${reply(431, "HeaderTooLarge", `The header ${name} may have ${MAX_ID_LENGTH} characters.`)} if { req.hdr(${name}) -m len gt ${MAX_ID_LENGTH} }`).join("\n")}
  http-request set-header x-ms-request-id %[var(txn.request_id)]
${versionChoice()}
  http-request set-var(txn.target) var(txn.endpoint),concat(:,txn.name),map_str(${MAPS.versions})
  ${reply(404, "VersionNotFound", `The endpoint ${escaped("endpoint")} has no version ${escaped("name")}.`)} unless { var(txn.target) -m found }
  http-request set-var(txn.version) var(txn.target),word(1,:)
  http-request set-path /%[path,field(6,/,0)]
  # A slow upload takes no slot.
  http-request wait-for-body time 60s use-large-buffer
  http-request set-var(txn.id) txn.id32
  http-request set-header ${HOP_HEADERS.id} %[var(txn.id)]
  http-request set-header ${HOP_HEADERS.target} %[var(txn.target)]
  http-request track-sc0 var(txn.version) table ${TABLES.arrived}
  http-request track-sc1 var(txn.id) table ${TABLES.waiting}
  http-after-response set-header x-ms-request-id %[var(txn.request_id)] if { var(txn.request_id) -m found }
  http-after-response set-header x-ms-client-request-id %[var(txn.client_request_id)] if { var(txn.client_request_id) -m found }
  use_backend filling unless { var(txn.route) -m found }
  use_backend ${outerBackend("%[var(txn.version)]")}

backend filling from clients
  timeout connect 1s
  timeout server 24h
${`  http-request pause 100 unless ${IS_READY}\n`.repeat(20)}  http-request return status 503 default-errorfiles unless ${IS_READY}
  server again ${abstractSocket(abstractName, "public")}`;
}

const ID_HEADERS = ["x-request-id", "x-ms-request-id", "x-ms-client-request-id"];

/** Sets `txn.name`: a route reads `<mode>:<upper bound>:<version>:…`, bounds in 1/100 percent, the last one ALL_REQUESTS. */
function versionChoice(): string {
  const rule = "if { var(txn.left) -m int le 0 }";
  const others = Array.from({ length: MAX_VERSIONS - 1 }, (_, index) => {
    const bound = 2 * index + 4;
    const choose = `  http-request set-var(txn.name) var(txn.route),word(${bound + 1},:) ${rule}`;
    // The last version needs no bound: whoever comes so far gets it.
    if (index === MAX_VERSIONS - 2) return choose;
    return `${choose}
  http-request set-var(txn.left) var(txn.route),word(${bound},:),sub(txn.roll) ${rule}`;
  });
  return `  http-request set-var(txn.roll) rand(${ALL_REQUESTS})
  http-request set-var(txn.name) var(txn.route),word(3,:)
  http-request set-var(txn.left) var(txn.route),word(2,:),sub(txn.roll)
${others.join("\n")}
  http-request set-var(txn.name) req.hdr(${VERSION_HEADER}) if { req.hdr(${VERSION_HEADER}) -m found }`;
}
