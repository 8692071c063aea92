// Several routers that know each other, each a real HAProxy with an agent, and the table of who owns what.
import { rmSync } from "node:fs";
import type { EndpointSlice } from "../../kubernetes/core/endpoint-slice";
import type { ModelEndpoint } from "../../contracts/model-endpoint/model-endpoint";
import { PEER_ROLE } from "../../serving/router/haproxy/core/names";
import type { HaproxySettings } from "../../serving/router/haproxy/core/haproxy-settings";
import type { Owners } from "../../serving/router/model/core/build-model";
import { freePort } from "./free-port";
import { makeAuthority, type Authority } from "./peer-certificates";
import { startTestRouter, type TestRouter } from "./test-router";

export interface PeerRouters {
  readonly routers: readonly TestRouter[];
  /** `address:port` of each router's peer frontend. */
  readonly addresses: readonly string[];
  readonly authority: Authority;
  readonly directory: string;
  /** Tells one router what it serves, and who owns all versions of it; the term must grow. */
  readonly tell: (router: number, view: View) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface View {
  readonly endpoints: readonly ModelEndpoint[];
  readonly slices: readonly EndpointSlice[];
  /** Index of the router that owns them all. */
  readonly owner: number;
  readonly term: number;
  readonly held?: ReadonlyMap<string, number>;
}

export async function startPeerRouters(
  count: number,
  more: Partial<HaproxySettings> = {},
): Promise<PeerRouters> {
  const authority = await makeAuthority();
  const directory = await authority.issue(PEER_ROLE);
  const addresses: string[] = [];
  for (let each = 0; each < count; each++) addresses.push(`127.0.0.1:${await freePort()}`);
  const routers: TestRouter[] = [];
  for (const bind of addresses)
    routers.push(await startTestRouter(undefined, { peers: { bind, directory }, ...more }));
  const owners = (router: number, { owner, term, held }: View): Owners => {
    const address = owner === router ? undefined : addresses[owner];
    const ownership = { term, ...(address === undefined ? {} : { owner: address }) };
    return {
      peers: new Set(addresses.filter((_, index) => index !== router)),
      of: () => ({ ...ownership, ...(held === undefined ? {} : { held }) }),
    };
  };
  return {
    ...{ routers, addresses, authority, directory },
    tell: async (router, view) => {
      const surroundings = { owners: owners(router, view) };
      await routers[router]?.serve(view.endpoints, view.slices, surroundings);
    },
    stop: async () => {
      await Promise.all(routers.map((router) => router.stop()));
      rmSync(directory, { recursive: true });
    },
  };
}
