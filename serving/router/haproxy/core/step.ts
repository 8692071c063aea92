// The steps by which a running HAProxy becomes what it should be, and their text for the runtime API.

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
        | "deleteOuterServer";
      readonly version: string;
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

export type VersionStep = Extract<Step, { readonly version: string }>;

/** One command and the replies that mean it is done; those of `later` mean that requests still run: try again soon. */
export interface Command {
  readonly text: string;
  readonly done: RegExp;
  readonly later?: RegExp;
}

/** All that a name or value may consist of: HAProxy's command line ends a command at `;` and a word at a blank. */
const SAFE = /^[A-Za-z0-9._:-]+$/;

/** Throws for a value that the model's builder should have refused. */
function safe(value: string | number): string {
  if (!SAFE.test(String(value))) throw new Error(`Unsafe for HAProxy's command line: ${value}`);
  return String(value);
}

/** Silent commands: HAProxy may put a server's change of state, meant for its log, before a reply. */
const SILENT =
  /^(?![^]*(not found|unknown|unable|error|invalid|missing|require|denied|usage|no such|expects))/i;
const BUSY = /^(Queued|Busy)\.|still|attached|idle|cannot|in use/im;
const GONE = /No such (server|backend)/;

/** HAProxy's commands for the step, in order; `abstractName` as in the configuration. */
export function renderStep(step: Step, abstractName: string): readonly Command[] {
  if ("version" in step) return renderVersionStep(step, safe(step.version), abstractName);
  switch (step.kind) {
    case "setReady":
      return step.ready
        ? [{ text: "add map virt@ready ready yes", done: SILENT }]
        : [{ text: "clear map virt@ready", done: SILENT }];
    case "setRoute":
      return [setMap("endpoints", step.endpoint, step.route, step.known)];
    case "deleteRoute":
      return [{ text: `del map virt@endpoints ${safe(step.endpoint)}`, done: SILENT }];
    case "addKey":
      return [setMap("keys", step.key, "yes", false)];
    case "deleteKey":
      return [{ text: `del map virt@keys ${safe(step.key)}`, done: SILENT }];
    case "setTarget":
      return [setMap("versions", step.name, step.target, step.known)];
    case "deleteTarget":
      return [{ text: `del map virt@versions ${safe(step.name)}`, done: SILENT }];
  }
}

function setMap(map: string, key: string, value: string, known: boolean): Command {
  return {
    text: `${known ? "set" : "add"} map virt@${map} ${safe(key)} ${safe(value)}`,
    done: SILENT,
  };
}

function renderVersionStep(
  step: VersionStep,
  version: string,
  abstractName: string,
): readonly Command[] {
  switch (step.kind) {
    case "addInner":
      return [{ text: `add backend i.${version} from inner`, done: /registered/ }];
    case "addOuter":
      return [{ text: `add backend o.${version} from outer`, done: /registered/ }];
    case "addOuterServer":
      return [
        {
          text: `add server o.${version}/in abns@${abstractName}-hop maxconn 1 strict-maxconn`,
          done: /registered/,
        },
      ];
    case "openVersion":
      // The plug comes before the first request: a request would take its place.
      return [
        { text: `enable server o.${version}/in`, done: SILENT },
        { text: `aml plug ${version}`, done: /^Plugged\./m },
        { text: `publish backend i.${version}`, done: /published/ },
        { text: `publish backend o.${version}`, done: /published/ },
      ];
    case "unpublishVersion":
      return [{ text: `unpublish backend o.${version}`, done: /unpublished/ }];
    case "closeVersion":
      return [{ text: `aml close ${version}`, done: /^Closed\./m, later: BUSY }];
    case "deleteOuterServer":
      return [{ text: `del server o.${version}/in`, done: /deleted/, later: BUSY }];
    case "deleteVersion":
      return [
        { text: `del backend o.${version}`, done: done(/deleted/, GONE), later: BUSY },
        { text: `unpublish backend i.${version}`, done: done(/unpublished/, GONE) },
        { text: `del backend i.${version}`, done: done(/deleted/, GONE), later: BUSY },
      ];
    case "addReplica":
      return [{ text: addReplica(step, version), done: /registered/ }];
    case "useReplica":
      return [
        { text: `aml use ${version} ${safe(step.replica)} ${safe(step.limit)}`, done: /^Used\./m },
      ];
    case "drainReplica":
      return [{ text: `aml drain ${version} ${safe(step.replica)}`, done: /^Draining\./m }];
    case "deleteReplica":
      return [
        {
          text: `del server i.${version}/${safe(step.replica)}`,
          done: done(/deleted/, GONE),
          later: BUSY,
        },
      ];
  }
}

function done(...replies: readonly RegExp[]): RegExp {
  return new RegExp(replies.map(({ source }) => source).join("|"), "i");
}

function addReplica(
  {
    replica,
    address,
    limit,
  }: { readonly replica: string; readonly address: string; readonly limit: number },
  version: string,
): string {
  // A pool's name changes every second; what is kept of the former seconds must not push out what is used now.
  const pool = `pool-conn-name var(txn.pool) pool-low-conn ${safe(8 * limit)} pool-purge-delay 2s`;
  return `add server i.${version}/${safe(replica)} ${safe(address)} maxconn ${safe(limit)} ${pool}`;
}
