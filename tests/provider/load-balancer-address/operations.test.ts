// LoadBalancerAddress against an API server that answers as a test says.
import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import {
  type LoadBalancerAddressInputs,
  type LoadBalancerAddressOutputs,
  operations,
} from "../../../provider/load-balancer-address/operations";
import { UNKNOWN } from "../../../values/unknown";
import { type ApiServer, openApiServer } from "../../support/api-server";
import { withoutRetries } from "../../support/without-retries";

const SERVICE = "/api/v1/namespaces/n/services/router";
const SUBJECT = "Service/router in namespace n";
const REMEDY = ": pulumi up --refresh corrects that";

interface ServiceJson {
  readonly metadata: object;
  readonly spec: { readonly type: string };
  readonly status: { readonly loadBalancer: { readonly ingress?: readonly object[] } };
}

const withAddress = (ip?: string, type = "LoadBalancer"): ServiceJson => ({
  metadata: { name: "router", namespace: "n", uid: "u" },
  spec: { type },
  status: { loadBalancer: ip === undefined ? {} : { ingress: [{ ip }] } },
});

describe("LoadBalancerAddress", () => {
  withoutRetries();
  let server: ApiServer;
  let service: ServiceJson | undefined;
  let events: readonly object[];
  let inputs: LoadBalancerAddressInputs;
  let olds: LoadBalancerAddressOutputs;

  const send = (response: ServerResponse, body: object | undefined) =>
    response.writeHead(body === undefined ? 404 : 200).end(JSON.stringify(body ?? {}));
  before(async () => {
    server = await openApiServer(({ url = "" }, response) => {
      const { pathname, searchParams } = new URL(url, "https://x");
      if (pathname === SERVICE) return send(response, service);
      if (pathname === "/api/v1/namespaces/n/events") {
        assert.equal(searchParams.get("fieldSelector"), "involvedObject.uid=u");
        return send(response, { items: events });
      }
      assert.equal(pathname, "/api/v1/namespaces/kube-system");
      return send(response, { metadata: { name: "kube-system", uid: "cluster" } });
    });
  });
  after(() => server.close());
  beforeEach(async () => {
    service = withAddress("192.0.2.1");
    events = [];
    const given = { kubeconfig: server.kubeconfig, namespace: "n", serviceName: "router" };
    const checked = await operations.check({}, given);
    assert.deepEqual(checked.failures, []);
    inputs = { ...checked.inputs, timeoutSeconds: 1 };
    olds = (await operations.create(inputs)).outs;
  });

  const changes = async (news: Partial<LoadBalancerAddressInputs> = {}) =>
    (await operations.diff("n/router", olds, { ...inputs, ...news })).changes;

  it("gives the address of the Service that it names, and then has nothing to do", async () => {
    const { id, outs } = await operations.create(inputs);
    assert.deepEqual([id, outs.address, outs.cluster.uid], ["n/router", "192.0.2.1", "cluster"]);
    assert.equal(await changes(), false);
    assert.equal(await changes({ timeoutSeconds: 2 }), false);
  });

  it("refuses illegal inputs", async () => {
    const { failures } = await operations.check(
      {},
      { ...inputs, namespace: "", timeoutSeconds: 0 },
    );
    assert.deepEqual(
      failures.map(({ reason }) => reason.replace(/:? .*/, "")),
      ["namespace", "timeoutSeconds"],
    );
  });

  it("has a change when the Service has no or another address, or is gone", async () => {
    for (const live of [
      withAddress("192.0.2.9"),
      withAddress(),
      withAddress("192.0.2.1", "ClusterIP"),
      undefined,
    ]) {
      service = live;
      assert.equal(await changes(), true);
    }
  });

  it("has a change when the program asks for another load balancer, or what it asks is unknown", async () => {
    assert.equal(await changes({ annotations: { internal: "true" } }), true);
    assert.equal(await changes({ serviceName: UNKNOWN }), true);
  });

  it("is told anew by an update", async () => {
    service = withAddress("192.0.2.9");
    const { outs } = await operations.update("n/router", olds, inputs);
    assert.equal(outs.address, "192.0.2.9");
  });

  it("fails an update in one sentence, with the cloud's own reason", async () => {
    service = withAddress();
    const why = "no event says why: a load balancer controller must run in the cluster";
    const late = `${SUBJECT}: the load balancer isn't ready after 1 s: it has no address`;
    await assert.rejects(operations.update("n/router", olds, inputs), {
      message: `${late} (${why})`,
    });
    events = [
      {
        type: "Warning",
        reason: "SyncLoadBalancerFailed",
        message: "PublicIPCountLimitReached",
        lastTimestamp: "2026-01-01T00:00:00Z",
      },
    ];
    const said = "SyncLoadBalancerFailed: PublicIPCountLimitReached";
    await assert.rejects(operations.update("n/router", olds, inputs), {
      message: `${late} (${said})`,
    });
    service = undefined;
    await assert.rejects(operations.update("n/router", olds, inputs), {
      message: `${SUBJECT} doesn't exist${REMEDY}`,
    });
  });

  it("shows a missing address or Service as drift in a refresh, and no longer when it is back", async () => {
    const { address, ...without } = olds;
    for (const live of [withAddress(), withAddress("192.0.2.1", "ClusterIP"), undefined]) {
      service = live;
      const { id, props, inputs: read } = await operations.read("n/router", olds);
      assert.deepEqual([id, props], ["n/router", without]);
      assert.deepEqual(read, inputs);
    }
    service = withAddress(address);
    const { props } = await operations.read("n/router", without);
    assert.deepEqual(props, olds);
  });

  it("never fails a preview because of the cluster", async () => {
    const closed = server.kubeconfig.replace(/localhost:\d+/, "127.0.0.1:1");
    assert.equal(await changes({ kubeconfig: closed }), true);
    const error = /^Can't read Service\/router .*: the cluster at .* can't be reached: .*/;
    const unreachable = { ...olds, kubeconfig: closed };
    await assert.rejects(operations.read("n/router", unreachable), { message: error });
  });
});
