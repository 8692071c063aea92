// What a running HAProxy serves, read from the replies of its runtime API.
import type { Step, VersionStep } from "./step";

/** Changed in place by `applyStep`, so that a change of one endpoint does not cost a copy of a thousand. */
export interface LiveModel {
  /** Another one after HAProxy restarted. */
  readonly instance: string;
  /** Whether `/readyz` says yes. */
  ready: boolean;
  /** By endpoint name. */
  readonly routes: Map<string, string>;
  /** `<endpoint>:<digest>`. */
  readonly keys: Set<string>;
  /** `<version key>:<queue wait>:<scoring timeout>` by `<endpoint>:<version>`. */
  readonly targets: Map<string, string>;
  /** By version key. */
  readonly versions: Map<string, LiveVersion>;
}

export interface LiveVersion {
  inner: boolean;
  outer: boolean;
  /** The outer backend's one server. */
  outerServer: boolean;
  /** Plugged and published: requests may come. */
  open: boolean;
  readonly replicas: Map<string, LiveReplica>;
}

export interface LiveReplica {
  readonly address: string;
  /** Requests that it takes at the same time; undefined: it takes none, and leaves once it is idle. */
  limit: number | undefined;
}

/** Replies to the commands that `readLive` needs. */
export interface LiveTexts {
  /** `aml show` */
  readonly show: string;
  /** `show map virt@endpoints`, and so on. */
  readonly endpoints: string;
  readonly keys: string;
  readonly versions: string;
  readonly ready: string;
}

/** Lines that are not understood are left out: what is missing is then made again. */
export function readLive(texts: LiveTexts): LiveModel {
  const targets = parseMap(texts.versions);
  const open = new Set([...targets.values()].map((target) => target.split(":")[0]));
  const versions = new Map<string, LiveVersion>();
  const versionOf = (key: string): LiveVersion => {
    const known = versions.get(key) ?? {
      ...{ inner: false, outer: false, outerServer: false, open: open.has(key) },
      replicas: new Map<string, LiveReplica>(),
    };
    versions.set(key, known);
    return known;
  };
  for (const line of texts.show.split("\n")) {
    const [word, key = "", ...rest] = line.split(" ");
    if (word === "outer") {
      const version = versionOf(key);
      version.outer = true;
      version.outerServer = rest.includes("server=1");
      version.open &&= rest.includes("plug=1");
    } else if (word === "inner") {
      versionOf(key).inner = true;
    } else if (word === "replica") {
      const [replica = "", address = ""] = rest;
      const limit = Number(/ limit=(\d+)/.exec(line)?.[1] ?? 0);
      versionOf(key).replicas.set(replica, { address, limit: limit > 0 ? limit : undefined });
    }
  }
  return {
    instance: readInstance(texts.show),
    ready: parseMap(texts.ready).has("ready"),
    routes: parseMap(texts.endpoints),
    keys: new Set(parseMap(texts.keys).keys()),
    targets,
    versions,
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

/** Records that HAProxy has done the step. */
export function applyStep(live: LiveModel, step: Step): void {
  if ("version" in step) {
    if (step.kind === "deleteVersion") live.versions.delete(step.version);
    else applyToVersion(live, step);
    return;
  }
  switch (step.kind) {
    case "setReady":
      live.ready = step.ready;
      return;
    case "setRoute":
      live.routes.set(step.endpoint, step.route);
      return;
    case "deleteRoute":
      live.routes.delete(step.endpoint);
      return;
    case "addKey":
      live.keys.add(step.key);
      return;
    case "deleteKey":
      live.keys.delete(step.key);
      return;
    case "setTarget":
      live.targets.set(step.name, step.target);
      return;
    case "deleteTarget":
      live.targets.delete(step.name);
  }
}

function applyToVersion(
  live: LiveModel,
  step: Exclude<VersionStep, { readonly kind: "deleteVersion" }>,
): void {
  const version = live.versions.get(step.version) ?? {
    ...{ inner: false, outer: false, outerServer: false, open: false },
    replicas: new Map<string, LiveReplica>(),
  };
  live.versions.set(step.version, version);
  switch (step.kind) {
    case "addInner":
      version.inner = true;
      return;
    case "addOuter":
      version.outer = true;
      return;
    case "addOuterServer":
      version.outerServer = true;
      return;
    case "openVersion":
      version.open = true;
      return;
    case "unpublishVersion":
      version.open = false;
      return;
    case "closeVersion":
      // The plug is gone: it is made again by openVersion.
      return;
    case "deleteOuterServer":
      version.outerServer = false;
      return;
    case "addReplica":
      version.replicas.set(step.replica, { address: step.address, limit: undefined });
      return;
    case "useReplica":
    case "drainReplica": {
      const replica = version.replicas.get(step.replica);
      if (replica !== undefined)
        replica.limit = step.kind === "useReplica" ? step.limit : undefined;
      return;
    }
    case "deleteReplica":
      version.replicas.delete(step.replica);
  }
}
