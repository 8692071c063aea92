// The steps that change a running HAProxy, and their commands for the runtime API.
import {
  abstractSocket,
  DEFAULTS,
  FORWARD_SERVERS,
  forwardBackend,
  innerBackend,
  MAPS,
  MOVED_SERVER,
  OUTER_SERVER,
  outerBackend,
  READY_KEY,
} from "./names";
import type { Ownership } from "../../model/core/build-model";
import { movedRoom, peerServer, waitingRoom } from "./peers";
import { OWNED } from "./peers-lua";
import type { ExpectedReplies } from "./reply";
import { SLOT_REPLIES } from "./slots-lua";

/** One step: a few commands that belong together. */
export type Step =
  | { readonly kind: "setReady"; readonly ready: boolean }
  | {
      readonly kind: "setRoute";
      readonly endpoint: string;
      readonly route: string;
      readonly known: boolean;
    }
  | { readonly kind: "deleteRoute"; readonly endpoint: string }
  /** `key` and `name` as in LiveModel. */
  | { readonly kind: "addKey" | "deleteKey"; readonly key: string }
  | {
      readonly kind: "setTarget";
      readonly name: string;
      readonly target: string;
      readonly known: boolean;
    }
  | { readonly kind: "deleteTarget"; readonly name: string }
  | {
      readonly kind:
        | "addInner"
        | "addOuter"
        | "addOuterServer"
        | "openVersion"
        | "unpublishVersion"
        | "closeVersion"
        | "addMovedServer"
        | "deleteOuterServer"
        | "deleteMovedServer";
      readonly version: string;
    }
  | ({ readonly kind: "setOwner"; readonly version: string } & Ownership)
  /** `peer` as in LiveModel. */
  | {
      readonly kind: "addPeer" | "openPeer" | "closePeer" | "deletePeer";
      readonly peer: string;
    }
  | {
      readonly kind: "addPeerServer" | "deletePeerServer";
      readonly peer: string;
      readonly server: PeerServer;
    }
  | { readonly kind: "deleteVersion"; readonly version: string }
  | {
      readonly kind: "addReplica";
      readonly version: string;
      readonly replica: string;
      readonly address: string;
      readonly limit: number;
    }
  | {
      readonly kind: "useReplica";
      readonly version: string;
      readonly replica: string;
      readonly limit: number;
    }
  | {
      readonly kind: "drainReplica" | "deleteReplica";
      readonly version: string;
      readonly replica: string;
    };

/** A server of a forward backend. */
export type PeerServer = keyof typeof FORWARD_SERVERS;

export type PeerStep = Extract<Step, { readonly peer: string }>;

export type VersionStep = Extract<Step, { readonly version: string }>;

/** A command and its replies. */
export interface Command extends ExpectedReplies {
  readonly text: string;
}

/** All that a name or value may consist of: HAProxy's command line ends a command at `;` and a word at a blank. */
const SAFE = /^[A-Za-z0-9._:-]+$/;

/** Throws for a value that buildModel should have refused. */
function safe(value: string | number): string {
  if (!SAFE.test(String(value))) throw new Error(`Unsafe for HAProxy's command line: ${value}`);
  return String(value);
}

const SILENT: ExpectedReplies = { done: [""] };
const BACKEND_ADDED: ExpectedReplies = { done: ["New backend registered."] };
const SERVER_ADDED: ExpectedReplies = { done: ["New server registered."] };
const PUBLISHED: ExpectedReplies = { done: ["Backend published."] };
const UNPUBLISHED: ExpectedReplies = { done: ["Backend unpublished."] };
const NO_BACKEND = "No such backend.";
const BACKEND_DELETED: ExpectedReplies = {
  done: ["Backend deleted.", NO_BACKEND],
  later: ["Backend still has attached streams on it."],
};
const SERVER_STILL_USED = "Server still has connections attached to it, cannot remove it.";
const SERVER_DELETED: ExpectedReplies = { done: ["Server deleted."], later: [SERVER_STILL_USED] };

/** HAProxy's commands for the step, in order; `abstractName` as in the configuration. */
export function renderStep(step: Step, abstractName: string): readonly Command[] {
  if ("peer" in step) return renderPeerStep(step, abstractName);
  if ("version" in step) return renderVersionStep(step, safe(step.version), abstractName);
  switch (step.kind) {
    case "setReady":
      return step.ready
        ? [setMap(MAPS.ready, READY_KEY, "yes", false)]
        : [{ text: `clear map ${MAPS.ready}`, ...SILENT }];
    case "setRoute":
      return [setMap(MAPS.endpoints, step.endpoint, step.route, step.known)];
    case "deleteRoute":
      return [deleteFromMap(MAPS.endpoints, step.endpoint)];
    case "addKey":
      return [setMap(MAPS.keys, step.key, "yes", false)];
    case "deleteKey":
      return [deleteFromMap(MAPS.keys, step.key)];
    case "setTarget":
      return [setMap(MAPS.versions, step.name, step.target, step.known)];
    case "deleteTarget":
      return [deleteFromMap(MAPS.versions, step.name)];
  }
}

function setMap(map: string, key: string, value: string, known: boolean): Command {
  return { text: `${known ? "set" : "add"} map ${map} ${safe(key)} ${safe(value)}`, ...SILENT };
}

function deleteFromMap(map: string, key: string): Command {
  return { text: `del map ${map} ${safe(key)}`, ...SILENT };
}

function renderVersionStep(
  step: VersionStep,
  version: string,
  abstractName: string,
): readonly Command[] {
  const [inner, outer] = [innerBackend(version), outerBackend(version)];
  const outerServer = `${outer}/${OUTER_SERVER}`;
  switch (step.kind) {
    case "addInner":
      return [{ text: `add backend ${inner} from ${DEFAULTS.inner}`, ...BACKEND_ADDED }];
    case "addOuter":
      return [{ text: `add backend ${outer} from ${DEFAULTS.outer}`, ...BACKEND_ADDED }];
    case "addOuterServer": {
      const address = abstractSocket(abstractName, "hop");
      return [
        { text: `add server ${outerServer} ${address} maxconn 1 strict-maxconn`, ...SERVER_ADDED },
      ];
    }
    case "openVersion":
      // The plug comes before the first request: a request would take its place.
      return [
        { text: `enable server ${outerServer}`, ...SILENT },
        { text: `aml plug ${version}`, done: [SLOT_REPLIES.plugged] },
        { text: `publish backend ${inner}`, ...PUBLISHED },
        { text: `publish backend ${outer}`, ...PUBLISHED },
      ];
    case "addMovedServer": {
      const address = movedRoom(abstractName);
      return [{ text: `add server ${outer}/${MOVED_SERVER} ${address}`, ...SERVER_ADDED }];
    }
    case "setOwner": {
      const owner = step.owner === undefined ? "-" : safe(forwardBackend(step.owner));
      return [{ text: `aml own ${version} ${safe(step.term)} ${owner}`, done: [OWNED] }];
    }
    case "unpublishVersion":
      return [{ text: `unpublish backend ${outer}`, ...UNPUBLISHED }];
    case "closeVersion":
      return [
        {
          text: `aml close ${version}`,
          done: [SLOT_REPLIES.closed],
          later: [SLOT_REPLIES.queued, SLOT_REPLIES.busy],
        },
      ];
    case "deleteOuterServer":
      return [{ text: `del server ${outerServer}`, ...SERVER_DELETED }];
    case "deleteMovedServer":
      return [{ text: `del server ${outer}/${MOVED_SERVER}`, ...SERVER_DELETED }];
    case "deleteVersion":
      return [
        { text: `del backend ${outer}`, ...BACKEND_DELETED },
        { text: `unpublish backend ${inner}`, done: [...UNPUBLISHED.done, NO_BACKEND] },
        { text: `del backend ${inner}`, ...BACKEND_DELETED },
      ];
    case "addReplica":
      return [
        { text: addReplica(step, inner), ...SERVER_ADDED },
        { text: `enable health ${inner}/${safe(step.replica)}`, ...SILENT },
      ];
    case "useReplica":
      return [
        {
          text: `aml use ${version} ${safe(step.replica)} ${safe(step.limit)}`,
          done: [SLOT_REPLIES.used],
        },
      ];
    case "drainReplica":
      return [
        { text: `aml drain ${version} ${safe(step.replica)}`, done: [SLOT_REPLIES.draining] },
      ];
    case "deleteReplica":
      return [
        {
          text: `del server ${inner}/${safe(step.replica)}`,
          done: [...SERVER_DELETED.done, "No such server.", NO_BACKEND],
          later: [SERVER_STILL_USED],
        },
      ];
  }
}

function renderPeerStep(step: PeerStep, abstractName: string): readonly Command[] {
  const backend = safe(forwardBackend(step.peer));
  const servers = Object.values(FORWARD_SERVERS).map((server) => `${backend}/${server}`);
  switch (step.kind) {
    case "addPeer":
      return [{ text: `add backend ${backend} from ${DEFAULTS.forward}`, ...BACKEND_ADDED }];
    case "addPeerServer": {
      const address =
        step.server === "peer" ? peerServer(safe(step.peer)) : waitingRoom(abstractName);
      return [{ text: `add server ${backend}/${step.server} ${address}`, ...SERVER_ADDED }];
    }
    case "openPeer":
      return [
        { text: `enable health ${backend}/${FORWARD_SERVERS.peer}`, ...SILENT },
        ...servers.map((server) => ({ text: `enable server ${server}`, ...SILENT })),
        { text: `publish backend ${backend}`, ...PUBLISHED },
      ];
    case "closePeer":
      return [
        { text: `unpublish backend ${backend}`, ...UNPUBLISHED },
        ...servers.map((server) => ({ text: `disable server ${server}`, ...SILENT })),
      ];
    case "deletePeerServer":
      return [{ text: `del server ${backend}/${step.server}`, ...SERVER_DELETED }];
    case "deletePeer":
      return [{ text: `del backend ${backend}`, ...BACKEND_DELETED }];
  }
}

/**
 * A replica that refuses a connection is out of use at once, and asked five times a second until it accepts one. In use
 * it is not asked.
 */
const REFUSING =
  "check inter 24h fastinter 200ms downinter 200ms fall 1 rise 1 init-state up observe layer4 error-limit 1 on-error mark-down";

function addReplica(
  {
    replica,
    address,
    limit,
  }: { readonly replica: string; readonly address: string; readonly limit: number },
  backend: string,
): string {
  // A pool's name changes every second; what is kept of the former seconds must not push out what is used now.
  const pool = `pool-conn-name var(txn.pool) pool-low-conn ${safe(8 * limit)} pool-purge-delay 2s`;
  return `add server ${backend}/${safe(replica)} ${safe(address)} maxconn ${safe(limit)} ${pool} ${REFUSING}`;
}
