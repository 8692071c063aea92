// Renders the haproxy.cfg that the agent writes before HAProxy starts; everything about endpoints comes later, through the runtime API.
import { LIVENESS_PATH, READINESS_PATH } from "../../../../contracts/pods/router-environment";
import { VERSION_HEADER } from "../../../../contracts/scoring-api";
import { body, escaped, reply } from "./answers";
import type { HaproxySettings, TlsSettings } from "./haproxy-settings";
import {
  abstractSocket,
  CERTIFICATE_ALIAS,
  CERTIFICATE_STORE,
  DEFAULTS,
  HOP_HEADERS,
  innerBackend,
  IS_READY,
  MAPS,
  MODEL_ERROR_HEADER,
  outerBackend,
  TABLES,
  TARGET_WORDS,
} from "./names";
import { errorFiles } from "./error-files";
import { addressHeaders } from "./forwarded-headers";
import { outerPeerRules, peerCertificateStore, peerSections } from "./peers";
import { MAX_PROBES, NOT_SENT_BYTES, RECEIVE_BYTES } from "./places";
import { publicFrontend } from "./public-frontend";
import { bodyParameters, BUFFER_BYTES, BUFFERED_BODY_BYTES } from "./request-bodies";

/** File of the runtime socket in the settings' folder. */
export const RUNTIME_SOCKET = "haproxy.sock";

/** File of the Lua text in the settings' folder. */
export const LUA_FILE = "slots.lua";

/** The same of the public frontend. */
export const SURFACE_LUA_FILE = "surface.lua";

/** A version that streams one response in a hundred is mistaken for one that doesn't once in 20,000 times. */
const COMPLETE_RESPONSES = 1_000;

/** More versions than any HAProxy can have. */
const UNBOUNDED = 1_000_000_000;

/** Whole configuration, ending in a newline. */
export function renderHaproxyConfig(settings: HaproxySettings): string {
  const sections = [
    globalSection(settings),
    ...(settings.tls === undefined ? [] : [certificateStore(settings.tls)]),
    ...peerCertificateStore(settings.peers),
    errorSections(settings),
    publicFrontend(settings),
    outerLayer(settings),
    ...peerSections(settings),
    innerLayer(settings),
    tables(),
    healthFrontend(settings),
  ];
  return `${sections.join("\n\n")}\n`;
}

function globalSection(settings: HaproxySettings): string {
  const { directory, abstractName, maxVersions, peers } = settings;
  const { completeResponses = COMPLETE_RESPONSES } = settings;
  // One thread: a queue is FIFO within one, Lua's state is one, and 1 core carries some 30,000 requests a second.
  return `# Written by the agent before HAProxy starts. Nothing here is about one endpoint.
global
  stats socket unix@${directory}/${RUNTIME_SOCKET} mode 600 level admin
  stats timeout 24d
  hard-stop-after 5s
  nbthread 1
  tune.stick-counters 7
  tune.bufsize.small 4096
  tune.notsent-lowat.client ${NOT_SENT_BYTES}
  tune.rcvbuf.client ${RECEIVE_BYTES}
  tune.bufsize.large ${BUFFER_BYTES}
  tune.lua.bool-sample-conversion normal
  lua-load ${directory}/${LUA_FILE} ${abstractName} ${completeResponses} ${maxVersions ?? UNBOUNDED}
  lua-load ${directory}/${SURFACE_LUA_FILE} ${bodyParameters(settings)}
  log stdout format raw local0 notice${peers === undefined ? "" : `\n  ca-base ${peers.directory}`}`;
}

function certificateStore({ certificateFile, keyFile }: TlsSettings): string {
  return `crt-store ${CERTIFICATE_STORE}
  load crt ${certificateFile} key ${keyFile} alias ${CERTIFICATE_ALIAS}`;
}

function errorSections({ directory }: HaproxySettings): string {
  const files = errorFiles().map(
    ({ status, path }) => `  errorfile ${status} ${directory}/${path}`,
  );
  return `defaults clients
  mode http
  timeout client 60s
  timeout http-request 10s
  timeout http-keep-alive 75s
${files.join("\n")}
  http-error status 503 content-type application/json string ${body("NotReady", "The router is being filled.")} hdr Retry-After 1`;
}

function outerLayer({ abstractName, maxVersions, peers }: HaproxySettings): string {
  const ifReady = `str(${innerBackend("")}),concat(,txn.version),nbsrv,bool,iif`;
  return `# Outer layer: waits, gives up, answers. One server per version, whose limit slots.lua keeps.
defaults ${DEFAULTS.outer}
  mode http
  timeout connect 5s
  timeout queue 1s
  timeout server 60s
  option abortonclose
  # Rules see no trailers, and some servers take them for headers.
  option http-drop-request-trailers
  option http-no-delay
  # conn-failure: strict-maxconn refused a connection that another request still has, back to the queue. 503: no replica
  # had the request, back to the queue. empty-response: the inner layer is asked what became of the request. It never
  # sends one twice.
  retries 1000
  option use-small-buffers l7-retries
  option redispatch 1
  retry-on conn-failure empty-response 503
  http-reuse always
  http-request set-timeout queue ${target("queueWaitMs")}${peers === undefined ? "" : `\n${outerPeerRules()}`}
  http-request set-timeout server ${target("scoringTimeoutMs")}
  # The scoring timeout ends with the response's headers.
  http-response allow unless { res.hdr(${HOP_HEADERS.stream}) -m found }
  http-response track-sc3 var(txn.id) table ${TABLES.readers}
  http-response set-timeout server ${target("streamIdleTimeoutMs")}
  http-response set-timeout tunnel ${target("streamIdleTimeoutMs")}
  http-response del-header ${HOP_HEADERS.stream}
  http-error status 400 content-type application/json string ${body("BadRequest", "The client ended its side of the connection before it had the answer.")}
  http-error status 500 content-type application/json string ${body("InternalError", "The router failed to handle the request.")}
  http-error status 502 content-type application/json string ${CLOSED_CONNECTION}
  http-error status 503 content-type application/json lf-string '{"code":"%[${ifReady}(Overloaded,NoReadyReplica)]","message":"%[${ifReady}(Too many requests,No ready replicas)] for service ${escaped("endpoint")}%[${ifReady}(" (overloaded)",.)]"}' hdr Retry-After 1
  http-error status 504 content-type application/json string ${body("ScoringTimeout", "The model did not answer within the scoring timeout.")}
  http-after-response set-header ${VERSION_HEADER} %[var(txn.name)]
  http-after-response add-header Server-Timing "queue;dur=%[req.timer.queue], model;dur=%[res.timer.hdr]" if { res.timer.hdr ge 0 }
  http-after-response allow if { res.timer.hdr ge 0 }
  http-after-response add-header Server-Timing "queue;dur=%[req.timer.queue]" if { req.timer.queue ge 0 }
  http-after-response lua.orphan if { txn.sess_term_state -m beg sH CH cH KH }

# The request that holds one place of each outer server, made by slots.lua.
frontend plug from clients
  bind ${abstractSocket(abstractName, "plug")}${maxVersions === undefined ? "" : `\n  maxconn ${maxVersions + SPARE_PLUGS}`}
  timeout client 24d
  http-request set-var(txn.version) path,field(2,/)
  http-request set-var-fmt(txn.target) %[var(txn.version)]:2000000000:2000000000
  # No version's name: the inner layer keeps the request to itself.
  http-request set-header ${HOP_HEADERS.request} plug:-:%[var(txn.version)]
  http-request set-priority-class int(-2047)
  force-be-switch if TRUE
  use_backend ${outerBackend("%[var(txn.version)]")}`;
}

const CLOSED_CONNECTION = body("BadGateway", "The replica closed the connection before replying.");
const NOT_ACCEPTED = body("NoReadyReplica", "No ready replica accepted the request.");

/** A plug that ended and the one that replaces it are there at the same time. */
const SPARE_PLUGS = 100;

/**
 * Headers of a model's response that would hold for all endpoints of this address, or for the whole browser: another
 * server or certificate for it, cookies, stored reports, cleared or shared state.
 */
const ORIGIN_WIDE =
  "^(accept-ch|alt-svc|clear-site-data|expect-ct|nel|origin-agent-cluster|public-key-pins(-report-only)?|report-to|reporting-endpoints|service-worker-allowed|set-cookie2?|set-login|strict-transport-security|use-as-dictionary)$";

/** A word of the version's value in MAPS.versions. */
function target(word: keyof typeof TARGET_WORDS): string {
  return `var(txn.target),word(${TARGET_WORDS[word]},:)`;
}

/** The same in the inner layer, which has it from HOP_HEADERS.request. */
function inRequest(word: keyof typeof TARGET_WORDS): string {
  return `var(txn.request),word(${TARGET_WORDS[word] + 1},:)`;
}

/** Key of the sum in TABLES.rests: no version's. */
const ALL_RESTS = "str(all)";

/** Each takes 1 MB for an hour at most, and a model decides how many there are. */
const MAX_RESTS = 64;
const MAX_RESTS_OF_VERSION = 16;

const INNER_TIMEOUTS = `  timeout client 24d
  timeout http-keep-alive 24d
  no option abortonclose`;

const INNER_ERRORS = `  http-error status 502 content-type application/json string ${CLOSED_CONNECTION}
  http-error status 503 content-type application/json string ${NOT_ACCEPTED} hdr Retry-After 1
  http-error status 504 content-type application/json string ${body("ScoringTimeout", "The model did not answer.")}`;

const REQUEST_OF_HOP = `  http-request set-var(txn.request) req.hdr(${HOP_HEADERS.request})
  http-request set-var(txn.id) var(txn.request),word(1,:)
  http-request set-var(txn.version) ${inRequest("version")}`;

/** Rules of a request that is about to take a replica's place. */
function admission(settings: HaproxySettings): string {
  return `  acl is_large req.body_size gt ${BUFFERED_BODY_BYTES}
  acl is_large req.hdr(transfer-encoding) -m found
  http-request track-sc0 var(txn.version) table ${TABLES.computing}
  http-request track-sc1 var(txn.id) table ${TABLES.requests}
  # HAProxy answers nothing when a reused connection breaks; the outer layer then asks again, and learns that it broke.
  http-request return status 502 content-type application/json string ${CLOSED_CONNECTION} if { sc_get_gpt0(1) gt 0 }
  # A place that was thought to be free is not: back to the queue, if the outer layer can send the request again.
  http-request lua.refuse if { sc_conn_cur(0),sub(txn.places) gt 0 } !is_large
  http-request sc-set-gpt0(1) 1
  # A connection to a replica is used again within the same second only, so never while the replica closes it as idle;
  # and never for a body beyond one buffer, which the outer layer could not ask for again.
  http-request set-var(txn.pool) date
  http-request set-var(txn.pool) var(txn.id) if is_large
  http-request del-header ${HOP_HEADERS.request}
${addressHeaders(settings)}
  http-request set-path /%[path,field(6,/,0)]`;
}

function innerLayer(settings: HaproxySettings): string {
  const streams = abstractSocket(settings.abstractName, "streams");
  return `# Inner layer: keeps a replica's place until its model is done, whatever became of the client.
frontend hop from clients
  bind ${abstractSocket(settings.abstractName, "hop")}
${INNER_TIMEOUTS}
${REQUEST_OF_HOP}
  # The filter that streams need costs 10 % of a request's CPU time: versions that are known not to stream are without.
  http-request set-var(txn.places) var(txn.version),map_str_int(${MAPS.plainPlaces})
  http-request allow unless { var(txn.places) -m found }
${admission(settings)}
  use_backend ${innerBackend("%[var(txn.version)]")} if { var(txn.places) -m found }
  use_backend plugged if { var(txn.id) -m str plug }
  default_backend streaming

backend plugged from clients
  http-request set-var(txn.version) var(txn.request),word(3,:)
  http-request lua.plugged
  http-request pause 2000000000

backend streaming from clients
  timeout connect 2s
  timeout queue 24h
  timeout server 24d
  no option abortonclose
  option http-no-delay
  http-reuse always
  # Interim responses wait for the final one: they would start the scoring timeout again (slots.lua).
  tcp-response inspect-delay 24d
  tcp-response content lua.hold_interim if { status 100 102:199 }
${INNER_ERRORS}
  server in ${streams}

frontend streams from clients
  bind ${streams}
${INNER_TIMEOUTS}
  # Takes what a model still sends although the client has left (slots.lua).
  filter lua.rest
${REQUEST_OF_HOP}
  http-request set-var(txn.places) var(txn.version),map_str_int(${MAPS.places})
${admission(settings)}
  http-after-response lua.answered if { method POST } { res.timer.hdr ge 0 }
  use_backend ${innerBackend("%[var(txn.version)]")}

defaults ${DEFAULTS.inner}
  mode http
  balance leastconn
  timeout connect 2s
  timeout queue 24h
  timeout server 24h
  no option abortonclose
  option http-no-delay
  # A replica that vanished without a word: found after 30 s.
  option srvtcpka
  srvtcpka-idle 15s
  srvtcpka-intvl 5s
  srvtcpka-cnt 3
  retries 1
  option redispatch 1
  retry-on conn-failure
  http-reuse always
  http-response del-header ${HOP_HEADERS.prefix} -m beg
  http-response del-header ${MODEL_ERROR_HEADER}
  http-response del-header ${ORIGIN_WIDE} -m reg
  # Not complete: with fewer bytes than announced, of unknown length, or a connection that is another protocol's now.
  http-response set-var(txn.announced) res.body_size
  http-response allow if { status lt 500 } { res.hdr(content-length) -m found } { res.body_len,sub(txn.announced) ge 0 }
  # Servers send header and body one after the other: a short one is on its way, and no stream.
  http-response wait-for-body time 24h if { res.hdr(content-length) -m found } { var(txn.announced) -m int le ${BUFFERED_BODY_BYTES} }
  http-response set-header ${MODEL_ERROR_HEADER} %[status] if { status ge 500 }
  http-response set-status 502 if { status ge 500 }
  http-response allow if { res.hdr(content-length) -m found } { res.body_len,sub(txn.announced) ge 0 }
  http-response set-header ${HOP_HEADERS.stream} yes
  http-response set-timeout server ${inRequest("streamIdleTimeoutMs")}
  http-response lua.stream
  # Nobody waits any more: the headers can't be sent, so the rest is waited for here, up to 1 MB of it. Beyond the bounds
  # the connection ends, and with it what is known of the model.
  http-response track-sc2 var(txn.version) table ${TABLES.rests} if { var(txn.left) -m found }
  http-response track-sc3 ${ALL_RESTS} table ${TABLES.rests} if { var(txn.left) -m found }
  http-response wait-for-body time 1h at-least 1048576 use-large-buffer if { var(txn.left) -m found } { sc_conn_cur(2) le ${MAX_RESTS_OF_VERSION} } { sc_conn_cur(3) le ${MAX_RESTS} }
${INNER_ERRORS}
  # 503 is HAProxy's own here: no replica accepted the connection, so the request may come again.
  http-after-response sc-set-gpt0(1) 0 if { status 503 }
  http-after-response lua.settled if { var(txn.version),map_str(${MAPS.watched}) -m found }`;
}

function tables(): string {
  return `# Requests by version: those that clients wait for, those that models compute; and each request. An entry stays while a
# layer has the request: however long it waits for a place, one that broke in a model is known.
backend ${TABLES.arrived} from clients
  stick-table type string len 192 size 100k expire 24d store conn_cur,http_req_cnt,http_req_rate(1s)

backend ${TABLES.computing} from clients
  stick-table type string len 192 size 100k expire 24d store conn_cur

backend ${TABLES.requests} from clients
  stick-table type integer size 200k expire 2s store conn_cur,gpt0

backend ${TABLES.readers} from clients
  stick-table type integer size 200k expire 2s store conn_cur

# Requests whose body is beyond one buffer, in surface.lua's hands.
backend ${TABLES.bodies} from clients
  stick-table type integer size 20k expire 24d store conn_cur

# Responses whose clients have left, by version.
backend ${TABLES.rests} from clients
  stick-table type string len 192 size 100k expire 1m store conn_cur

# By address of a client.
backend ${TABLES.addresses} from clients
  stick-table type ipv6 size 100k expire 1m store conn_cur

backend ${TABLES.multiplexed} from clients
  stick-table type ipv6 size 100k expire 1m store conn_cur

backend ${TABLES.wrongKeys} from clients
  stick-table type ipv6 size 20k expire 10m store gpc0,gpc0_rate(1m)

backend ${TABLES.probes} from clients
  stick-table type ipv6 size 10k expire 1m store conn_cur`;
}

function healthFrontend({ healthBind }: HaproxySettings): string {
  return `# Probes have connections of their own: each has one request, which comes at once.
frontend health from clients
  bind ${healthBind}
  maxconn ${MAX_PROBES}
  timeout client 1s
  timeout http-request 1s
  option httpclose
  tcp-request connection track-sc4 src table ${TABLES.probes}
  tcp-request connection reject if { sc_conn_cur(4) gt ${MAX_PROBES / 2} }
  monitor-uri ${READINESS_PATH}
  monitor fail unless ${IS_READY}
  http-request return status 200 content-type text/plain string ok if { path ${LIVENESS_PATH} }
  ${reply(404, "NotFound", "There is nothing at this address.")}`;
}
