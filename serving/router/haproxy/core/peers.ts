// The sections of haproxy.cfg for several routers: a version's requests go to the router that owns it (docs/decisions/forwarded-versions.md).
import { VERSION_HEADER } from "../../../../contracts/scoring-api";
import { body, escaped, reply } from "./answers";
import { type HaproxySettings, PEER_FILES, type PeerSettings } from "./haproxy-settings";
import {
  abstractSocket,
  DEFAULTS,
  HOP_HEADERS,
  MAPS,
  outerBackend,
  PEER_CERTIFICATE_NAME,
  PEER_CERTIFICATE_STORE,
  PEER_NAMES,
  PEER_ROLE,
  REQUEST_WORDS,
  TABLES,
  TARGET_WORDS,
} from "./names";
import { BUFFERED_BODY_BYTES } from "./request-bodies";

/** Milliseconds that a forwarder waits for an answer beyond all that the owner may take. */
const OWNER_MARGIN_MS = 5_000;

/** Type of the PROXY protocol's field that tells whether a request has been sent to a router already. */
const SENT_FIELD = "0xE1";

const OWNER = `var(txn.version),map_str(${MAPS.owners})`;

const NOT_OWNED = reply(
  503,
  "NoReadyReplica",
  `No ready replicas for service ${escaped("endpoint")}`,
  " hdr Retry-After 1",
);

/** More requests than any HAProxy can have. */
const UNBOUNDED = 1_000_000;

const CLOSED = body(
  "BadGateway",
  "The router that owns the version closed the connection before replying.",
);

/** The peers' certificate; empty without peers. */
export function peerCertificateStore(peers: PeerSettings | undefined): string[] {
  if (peers === undefined) return [];
  const alias = PEER_CERTIFICATE_NAME.split("/")[1] ?? "";
  return [
    `crt-store ${PEER_CERTIFICATE_STORE}
  load crt ${peers.directory}/${PEER_FILES.certificate} key ${peers.directory}/${PEER_FILES.key} alias ${alias}`,
  ];
}

/** Sections between the outer and the inner layer; empty without peers. */
export function peerSections({ peers, abstractName }: HaproxySettings): string[] {
  if (peers === undefined) return [];
  return [forwardDefaults(), peerFrontend(peers), againFrontend(abstractName)];
}

/** Rules of the outer layer, before the others: the request's deadline goes with it, in case that it moves. */
export function outerPeerRules(): string {
  return `${DEADLINE}
  http-request set-header ${HOP_HEADERS.request} %[var(txn.id)]:%[var(txn.target)]:%[var(txn.deadline)] if { var(txn.id) -m found }
  http-request set-timeout queue var(txn.remaining) if { var(txn.remaining) -m found }`;
}

/** Sets `txn.counted`, the version of a request that this router counts: the owner does, as soon as it has it. */
export const COUNTED = `  http-request set-var(txn.counted) var(txn.version) unless { ${OWNER} -m found }`;

/** Rule of the public frontend, after which come those for the versions that this router owns. */
export const FORWARD_CHOICE = `  use_backend %[${OWNER},word(1,:)] if { ${OWNER} -m found }`;

/** A clock reads the same in all routers, more or less: the wait is bounded by what the version says all the same. */
const DEADLINE = `  http-request set-var(txn.wait) var(txn.target),word(${TARGET_WORDS.queueWaitMs},:)
  http-request set-var(txn.deadline) date(0,ms),add(txn.wait) unless { var(txn.deadline) -m found }`;

/** A forward backend has no queue: the peer has, or the waiting room. */
function forwardDefaults(): string {
  return `# To the router that owns a version.
defaults ${DEFAULTS.forward}
  mode http
  # Of a connection that failed, HAProxy tries the next one after as long.
  timeout connect 2s
  timeout queue 1s
  timeout server 60s
  option abortonclose
  option http-drop-request-trailers
  option http-no-delay
  # A peer that vanished without a word.
  option srvtcpka
  srvtcpka-idle 5s
  srvtcpka-intvl 1s
  srvtcpka-cnt 3
  # empty-response: a reused connection broke. Without, HAProxy would close the client's connection and say nothing. With,
  # it tries again, on a connection by another name, where whoever is there answers 502.
  retries 10
  option use-small-buffers l7-retries
  option redispatch 1
  retry-on conn-failure empty-response
  http-reuse always
  http-request set-var(txn.sent) str(${PEER_NAMES.peer})
  # There is a connection. Such a rule runs once, before there is data: it suffices.
  tcp-response content set-var(txn.sent) str(${PEER_NAMES.sent})
  tcp-response content set-var(txn.pool) str(${PEER_NAMES.sent})
${DEADLINE}
  http-request set-var(txn.pool) int(0)
  http-request set-var(txn.pool) var(txn.id) if { req.body_size gt ${BUFFERED_BODY_BYTES} } || { req.hdr(transfer-encoding) -m found }
  http-request set-header ${HOP_HEADERS.request} %[var(txn.id)]:%[var(txn.target)]:%[var(txn.deadline)]:%[${OWNER},word(2,:)]
  http-request set-var(txn.longest) var(txn.target),word(${TARGET_WORDS.scoringTimeoutMs},:)
  http-request set-timeout server var(txn.wait),add(txn.longest),add(${OWNER_MARGIN_MS})
  http-response set-var(txn.longest) var(txn.target),word(${TARGET_WORDS.streamIdleTimeoutMs},:)
  http-response set-timeout server var(txn.longest),add(${OWNER_MARGIN_MS})
  http-response set-timeout tunnel var(txn.longest),add(${OWNER_MARGIN_MS})
  http-error status 500 content-type application/json string ${body("InternalError", "The router failed to handle the request.")}
  http-error status 502 content-type application/json string ${CLOSED}
  http-error status 503 content-type application/json string ${CLOSED}
  http-error status 504 content-type application/json string ${body("ScoringTimeout", "The model did not answer within the scoring timeout.")}
  http-after-response set-header ${VERSION_HEADER} %[var(txn.name)]
  http-after-response set-status 502 if { status 503 } !{ res.timer.hdr ge 0 }`;
}

const RECEIVED = `  timeout client 24d
  timeout http-keep-alive 24d
  option abortonclose
  option http-no-delay
  http-request set-var(txn.request) req.hdr(${HOP_HEADERS.request})
  http-request set-var(txn.version) var(txn.request),word(${TARGET_WORDS.version + 1},:)
  http-request set-var(txn.deadline) var(txn.request),word(${REQUEST_WORDS.deadline},:)
  http-request set-var(txn.endpoint) var(txn.version),field(2,.)
  http-request set-var(txn.name) var(txn.version),field(3,.)
  http-request set-var(txn.id) txn.id32`;

const TARGET = `  http-request set-var(txn.target) var(txn.endpoint),concat(:,txn.name),map_str(${MAPS.versions})`;
const IS_TARGET = "{ var(txn.target),word(1,:),strcmp(txn.version) eq 0 }";

/** A queue's order is that of arrival at the first router. */
const AGE = `  http-request set-var(txn.wait) var(txn.target),word(${TARGET_WORDS.queueWaitMs},:)
  http-request set-var(txn.now) date(0,ms)
  http-request set-var(txn.remaining) var(txn.deadline),sub(txn.now)
  http-request set-var(txn.remaining) int(1) if { var(txn.remaining) -m int lt 1 }
  http-request set-var(txn.remaining) var(txn.wait),add(0) if { var(txn.remaining),sub(txn.wait) gt 0 }
  http-request set-priority-offset var(txn.remaining),sub(txn.wait)
  http-request track-sc1 var(txn.id) table ${TABLES.requests}`;

/** To the queue of this router, or on to the later owner that `lua.await_owner` found. */
const ONWARD = `${TARGET}
  ${NOT_OWNED} unless ${IS_TARGET} !{ var(txn.late) -m found }
${AGE}
  http-request track-sc0 var(txn.version) table ${TABLES.arrived} unless { var(txn.next) -m found }
  use_backend %[var(txn.next)] if { var(txn.next) -m found }
  use_backend ${outerBackend("%[var(txn.version)]")}`;

function peerFrontend({ bind }: PeerSettings): string {
  return `# Where other routers forward to this one.
frontend peer from clients
  bind ${bind} ssl crt ${PEER_CERTIFICATE_NAME} ca-file ${PEER_FILES.authority} verify required ssl-min-ver TLSv1.3 alpn h2
  tcp-request session reject unless { ssl_c_s_dn(CN) -m str ${PEER_ROLE} }
${RECEIVED}
  http-request return status 502 content-type application/json string ${CLOSED} if { ssl_fc_sni -m str ${PEER_NAMES.sent} }
${TARGET}
  # Not here, or not any more: it waits until it is, or until this router knows of a later owner.
  http-request lua.await_owner unless ${IS_TARGET} !{ ${OWNER} -m found } { var(txn.deadline) -m int gt 0 }
${ONWARD}`;
}

function againFrontend(abstractName: string): string {
  return `# The waiting room: of requests whose owner is down, and of those that waited for a slot here when another became the owner.
frontend again from clients
  bind ${abstractSocket(abstractName, "again")} accept-proxy
${RECEIVED}
  http-request return status 502 content-type application/json string ${CLOSED} if { fc_pp_tlv(${SENT_FIELD}) -m str ${PEER_NAMES.sent} }
  http-request lua.await_owner
${ONWARD}`;
}

/**
 * Arguments of `add server`: the peer's port. HAProxy asks it four times a second whether it accepts connections; where
 * `port` is given, without TLS.
 */
export function peerServer(address: string): string {
  const tls = `ssl crt ${PEER_CERTIFICATE_NAME} ca-file ${PEER_FILES.authority} verify required sni var(txn.sent) ssl-min-ver TLSv1.3 alpn h2`;
  return `${address} ${tls} pool-conn-name var(txn.pool) check port ${address.split(":")[1] ?? ""} inter 250ms fall 2 rise 1 init-state up observe layer4 error-limit 1 on-error mark-down`;
}

/** Of the place where requests wait while the peer is down. */
export function waitingRoom(abstractName: string): string {
  return `${room(abstractName)} set-proxy-v2-tlv-fmt(${SENT_FIELD}) %[var(txn.sent)] backup`;
}

/** Of the same, for what waited for a slot of this router: a server without a limit takes nothing out of a queue. */
export function movedRoom(abstractName: string): string {
  return `${room(abstractName)} maxconn ${UNBOUNDED}`;
}

function room(abstractName: string): string {
  return `${abstractSocket(abstractName, "again")} send-proxy-v2`;
}
