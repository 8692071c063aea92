// What a running HAProxy serves, read from the replies of its runtime API.
import type { Ownership } from "../../model/core/build-model";
import { peerOf, READY_KEY } from "./names";

/** Never changed: `applySteps` makes another one. */
export interface LiveModel {
  /** Changes when HAProxy restarts. */
  readonly instance: string;
  /** Whether `/readyz` answers 200. */
  readonly ready: boolean;
  /** By endpoint name. */
  readonly routes: ReadonlyMap<string, string>;
  /** `<endpoint>:<digest>`. */
  readonly keys: ReadonlySet<string>;
  /** Values of MAPS.versions by `<endpoint>:<version>`. */
  readonly targets: ReadonlyMap<string, string>;
  /** By version key. */
  readonly versions: ReadonlyMap<string, LiveVersion>;
  /** Other routers, by `address:port` of the peer frontend. */
  readonly peers: ReadonlyMap<string, LivePeer>;
}

export interface LivePeer {
  readonly servers: ReadonlySet<string>;
  /** Requests may go there. HAProxy does not say: after a read each is opened again. */
  readonly open: boolean;
}

export interface LiveVersion {
  readonly inner: boolean;
  readonly outer: boolean;
  /** The outer backend's one server. */
  readonly outerServer: boolean;
  /** The outer backend may get requests. HAProxy does not say: after a read every backend counts as published. */
  readonly published: boolean;
  /** Plugged and published: requests may come. */
  readonly open: boolean;
  readonly replicas: ReadonlyMap<string, LiveReplica>;
  /** The outer backend's second server, which takes what waits when another router becomes the owner. */
  readonly movedServer?: boolean;
  /** Undefined: this router is the only one. */
  readonly ownership?: Ownership;
}

export interface LiveReplica {
  readonly address: string;
  /** Requests that it takes at the same time; undefined: it takes none, and is deleted once it is idle. */
  readonly limit: number | undefined;
}

/** A version of which HAProxy has nothing. */
export const NO_VERSION: LiveVersion = {
  inner: false,
  outer: false,
  outerServer: false,
  published: false,
  open: false,
  replicas: new Map(),
};

/** Replies to the commands that `readLive` needs. */
export interface LiveTexts {
  /** `aml show` */
  readonly show: string;
  /** `show map` of each of MAPS. */
  readonly endpoints: string;
  readonly keys: string;
  readonly versions: string;
  readonly ready: string;
}

/** Unknown lines are left out: what is missing is then added again. */
export function readLive(texts: LiveTexts): LiveModel {
  const targets = parseMap(texts.versions);
  const open = new Set([...targets.values()].map((target) => target.split(":")[0]));
  const versions = new Map<string, LiveVersion>();
  const replicas = new Map<string, Map<string, LiveReplica>>();
  const peers = new Map<string, LivePeer>();
  const add = (key: string, part: Partial<LiveVersion>) => {
    versions.set(key, { ...(versions.get(key) ?? NO_VERSION), ...part });
  };
  for (const line of texts.show.split("\n")) {
    const [word, key = "", ...rest] = line.split(" ");
    if (word === "outer") {
      add(key, {
        outer: true,
        outerServer: rest.includes("server=1"),
        published: true,
        open: open.has(key) && rest.includes("plug=1"),
        ...(rest.includes("moved=1") ? { movedServer: true } : {}),
      });
    } else if (word === "inner") {
      add(key, { inner: true });
    } else if (word === "peer") {
      const servers = new Set(
        rest
          .join("")
          .split(",")
          .filter((name) => name !== ""),
      );
      peers.set(peerOf(key), { servers, open: false });
    } else if (word === "owner") {
      const [term = "", owner = "-"] = rest;
      const other = owner === "-" ? {} : { owner: peerOf(owner) };
      add(key, { ownership: { term: Number(term), ...other } });
    } else if (word === "replica") {
      const [replica = "", address = ""] = rest;
      const limit = Number(/ limit=(\d+)/.exec(line)?.[1] ?? 0);
      const found = replicas.get(key) ?? new Map<string, LiveReplica>();
      replicas.set(key, found.set(replica, { address, limit: limit > 0 ? limit : undefined }));
      add(key, { replicas: found });
    }
  }
  return {
    instance: readInstance(texts.show),
    ready: parseMap(texts.ready).has(READY_KEY),
    routes: parseMap(texts.endpoints),
    keys: new Set(parseMap(texts.keys).keys()),
    targets,
    versions,
    peers,
  };
}

/** The instance in a reply to `aml show` or `aml load`; empty when there is none. */
export function readInstance(reply: string): string {
  return /^instance (\S+)/m.exec(reply)?.[1] ?? "";
}

/** Lines `<address> <key> <value>` of `show map`. */
function parseMap(text: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, key, value] = /^0x\S+ (\S+) (.*)$/.exec(line.trimEnd()) ?? [];
    if (key !== undefined && value !== undefined) entries.set(key, value);
  }
  return entries;
}

/** What a freshly started HAProxy serves. */
export function emptyLive(instance: string): LiveModel {
  const nothing = {
    show: `instance ${instance}`,
    endpoints: "",
    keys: "",
    versions: "",
    ready: "",
  };
  return readLive(nothing);
}
