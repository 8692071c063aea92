// What haproxy.cfg depends on.
import type { InsecureTraffic } from "../../../../contracts/choices";

export interface HaproxySettings {
  /** Folder of the runtime socket and of slots.lua. */
  readonly directory: string;
  /** Prefix of the abstract sockets between the layers; two HAProxies in one network namespace need two. */
  readonly abstractName: string;
  /** `address:port` of the public frontend without TLS. */
  readonly httpBind: string;
  /** `address:port` of `/readyz` and `/healthz`. */
  readonly healthBind: string;
  /**
   * Connections of clients at a time; more wait in the kernel. Each request needs connections of its own inside, and
   * clients must not take all there are. Default HAProxy's own.
   */
  readonly maxClients?: number;
  /** Requests on HTTP/2 connections at a time; more get 503. Default: no bound. */
  readonly maxStreams?: number;
  /** Versions that are served; further ones are refused. Default: no bound. */
  readonly maxVersions?: number;
  /** Where TLS is served, when a certificate is mounted. */
  readonly tls?: TlsSettings;
  /** Where the other routers forward to this one; default: it is the only one. */
  readonly peers?: PeerSettings;
  /** What plain HTTP gets while TLS is served. Default Redirect. */
  readonly insecureTraffic?: InsecureTraffic;
  /** Networks (CIDR) of proxies in front, whose `X-Forwarded-*` and `Forwarded` are kept. Default none. */
  readonly trustedProxies?: readonly string[];
  /** Complete responses of a version, and no other, after which its requests are without the streams' filter. Default 1,000. */
  readonly completeResponses?: number;
  /** Bytes of memory for all bodies beyond one buffer together, at least MAX_BODY_BYTES. Default 512 MiB. */
  readonly bodyMemoryBytes?: number;
  /** Bytes of memory that a large body touches at a time: 2 MiB where the kernel always uses huge pages. Default 4 KiB. */
  readonly pageBytes?: number;
  /** Time for a body beyond one buffer; three times as long for one of more than 10 MB. Default 60. */
  readonly bodySeconds?: number;
}

export interface TlsSettings {
  readonly bind: string;
  /** PEM files; HAProxy reads them once, later ones come through the runtime API. */
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** Mutual TLS between routers: each one's certificate is a client's and a server's, for PEER_ROLE. */
export interface PeerSettings {
  readonly bind: string;
  /** Folder of PEER_FILES. */
  readonly directory: string;
}

/** PEM files. The authority signs for nobody but this stack's own parts. */
export const PEER_FILES = { authority: "ca.crt", certificate: "tls.crt", key: "tls.key" } as const;
