// v1's certificate once it was taken over, and while its cluster isn't there.
import assert from "node:assert/strict";
import { type PemPair } from "../../../values/pem-pair";
import { UNKNOWN } from "../../../values/unknown";
import { operations as certificate } from "../../../provider/legacy-certificate/operations";
import { KUBECONFIG } from "../../support/component-kubeconfig";
import { makePair } from "../../support/certificate-pair";
import { withoutRetries } from "../../support/without-retries";

/** Nothing listens there. */
const CLOSED = KUBECONFIG.replace("203.0.113.1:6443", "127.0.0.1:1");
const NOTHING: PemPair = { certificatePem: "", privateKeyPem: "" };
const CNAME = "score.contoso.com";
const news = {
  kubeconfig: CLOSED,
  cname: CNAME,
  namespace: "n",
  secretName: "s",
  ...NOTHING,
};

describe("LegacyCertificate", () => {
  withoutRetries();
  let valid: PemPair;
  let expired: PemPair;
  before(async () => {
    valid = await makePair(CNAME, new Date(Date.now() + 86_400_000));
    expired = await makePair(CNAME, new Date("2026-01-02T00:00:00Z"));
  });

  it("never fails a preview because of the cluster, only the update", async () => {
    assert.deepEqual(await certificate.check({}, news), { inputs: news, failures: [] });
    await assert.rejects(certificate.create(news), { message: /can't be reached/ });
  });

  it("is unknown while the cluster is", async () => {
    const early = { ...news, kubeconfig: UNKNOWN };
    assert.deepEqual(await certificate.check({}, early), {
      inputs: { ...early, certificatePem: UNKNOWN, privateKeyPem: UNKNOWN },
      failures: [],
    });
  });

  it("keeps what it took over, without a look at its source", async () => {
    const kept = { ...news, ...valid };
    assert.deepEqual(await certificate.check(kept, news), { inputs: kept, failures: [] });
    assert.deepEqual(await certificate.create(kept), { id: "legacy-certificate", outs: valid });
    assert.deepEqual(await certificate.update("legacy-certificate", valid, kept), { outs: valid });
    assert.deepEqual(await certificate.diff(), { changes: false });
  });

  it("says when what it kept has expired, or is for another name", async () => {
    const reasons = async (kept: PemPair, cname: string) =>
      (await certificate.check({ ...news, ...kept }, { ...news, cname })).failures.map(
        ({ reason }) => reason,
      );
    const wayOut = "; give ssl.certificatePem and ssl.privateKeyPem in its place";
    const what = "ssl.takeOverLegacyCertificate: v1's certificate must be";
    assert.deepEqual(await reasons(expired, CNAME), [
      `${what} valid: it expired on Jan  2 00:00:00 2026 GMT${wayOut}`,
    ]);
    assert.deepEqual(await reasons(valid, "www.contoso.com"), [
      `${what} for ssl.cname, www.contoso.com: it is for DNS:${CNAME}${wayOut}`,
    ]);
    assert.deepEqual(await reasons(valid, UNKNOWN), []);
  });
});
