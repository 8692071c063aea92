// How many connections and requests a router has room for, so that no client, endpoint or probe takes those of others.

/** What a router has room for at a time. */
export interface Places {
  /** Connections of clients; more wait in the kernel. */
  readonly maxClients: number;
  /** Requests on HTTP/2 connections; more get 503. */
  readonly maxStreams: number;
  /** Versions. Each holds two connections of its own inside HAProxy (slots-lua.ts: the plug). */
  readonly maxVersions: number;
}

/** File descriptors that a request needs: one of its client, four between three frontends, one to its replica; and a reserve. */
const FILES_PER_CLIENT = 7;

/** The plug's two connections, with both of their ends in this HAProxy. */
const FILES_PER_VERSION = 4;

/** This part of all files is for the versions. */
const FILES_OF_VERSIONS = 1 / 5;

/** What a router is made for. */
const MOST_VERSIONS = 10_000;

/** Connections of probes at a time. The kubelet needs two. */
export const MAX_PROBES = 1_000;

/** Files of logs, sockets, checks and the like. */
const OTHER_FILES = 500;

/** SO_RCVBUF of a client's connection, which the kernel doubles for its records: pipelined requests that nobody reads yet. */
export const RECEIVE_BYTES = 128 * 1024;

/** Bytes of an answer that the kernel takes beyond what is on its way to the client. */
export const NOT_SENT_BYTES = 16 * 1024;

/** The first of them doubled, and the second with the kernel's records (60 KB were measured). */
const KERNEL_BYTES_PER_CLIENT = 320 * 1024;

/**
 * HAProxy's part of a connection whose client sends requests one after the other and reads no answer: its buffers, records
 * and TLS (131 and 201 KB were measured). One with an unfinished header or body takes less.
 */
export const HAPROXY_BYTES_PER_CLIENT = { plain: 144 * 1024, tls: 216 * 1024 };

/** The same of a request on an HTTP/2 connection (103 KB were measured, of a connection with 100 that all have a body). */
const BYTES_PER_STREAM = { plain: 64 * 1024, tls: 112 * 1024 };

/** A version's backends, its plug, and a replica or two: 53 KiB, measured with 4,200 (docs/http.md). */
const BYTES_PER_VERSION = 54 * 1024;

/** Parts of HAProxy's memory. Large bodies have BODY_MEMORY_SHARE, 0.3; the rest is HAProxy's own, and the kernel's. */
const CLIENTS_SHARE = 0.35;
const STREAMS_SHARE = 0.1;
const VERSIONS_SHARE = 0.15;

/** No client may hold more than this part of what all clients share; declared proxies may. */
export const ONE_CLIENT_SHARE = 3 / 4;

export interface Limits {
  /** Open files of HAProxy's process. */
  readonly files: number;
  /** Bytes of memory of HAProxy's container; undefined: without a limit. */
  readonly memoryBytes?: number | undefined;
  /** Whether clients come over TLS. Default false. */
  readonly hasTls?: boolean;
}

export function placesOf({ files, memoryBytes = Infinity, hasTls = false }: Limits): Places {
  const way = hasTls ? "tls" : "plain";
  const byMemory = (share: number, bytes: number) => Math.floor((memoryBytes * share) / bytes);
  const maxVersions = Math.min(
    MOST_VERSIONS,
    Math.floor((files * FILES_OF_VERSIONS) / FILES_PER_VERSION),
    byMemory(VERSIONS_SHARE, BYTES_PER_VERSION),
  );
  // With few files, as by a container's old default of 1,024, clients have most of them all the same.
  const reserve = Math.min(MAX_PROBES + OTHER_FILES, files / 4);
  const left = files - maxVersions * FILES_PER_VERSION - reserve;
  const byFiles = Math.max(1, Math.floor(left / FILES_PER_CLIENT));
  return {
    maxClients: Math.min(
      byFiles,
      byMemory(CLIENTS_SHARE, HAPROXY_BYTES_PER_CLIENT[way] + KERNEL_BYTES_PER_CLIENT),
    ),
    maxStreams: Math.min(byFiles, byMemory(STREAMS_SHARE, BYTES_PER_STREAM[way])),
    maxVersions,
  };
}
