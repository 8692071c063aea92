// The vendor's archive, from a local HTTPS server that has the download site's layout.
import "reflect-metadata";
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from "@peculiar/x509";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, KeyObject, webcrypto } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { vendorArchive } from "../../../tools/setup/from-vendor";
import { setUpContext } from "../../../tools/setup/install-part";
import { versions } from "../../../tools/setup/versions";

const archiveName = `pulumi-${versions.pulumi}-${process.platform}-${process.arch}.tar.gz`;
const checksumsName = `pulumi-${versions.pulumi.slice(1)}-checksums.txt`;

/** A certificate of 127.0.0.1 with its key, as PEM. */
async function loopbackCertificate(): Promise<{ cert: string; key: string }> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "CN=127.0.0.1",
    keys,
    signingAlgorithm: algorithm,
    extensions: [new SubjectAlternativeNameExtension([{ type: "ip", value: "127.0.0.1" }])],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" });
  return { cert: certificate.toString("pem"), key: key.toString() };
}

describe("vendorArchive()", () => {
  const trusted = getCACertificates("default");
  const files = new Map<string, Buffer | string>();
  let server: Server;
  let releases: string;
  let folder: string;

  before(async () => {
    const certificate = await loopbackCertificate();
    setDefaultCACertificates([...trusted, certificate.cert]);
    server = createServer(certificate, (request, response) => {
      const content = files.get(request.url ?? "");
      if (request.url === `/moved/${checksumsName}`) {
        response.writeHead(302, { location: `/sdk/${checksumsName}` }).end();
      } else if (content === undefined) response.writeHead(404).end();
      else response.end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    releases = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  after(() => {
    setDefaultCACertificates(trusted);
    server.close();
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "aml-inference-vendor-"));
    mkdirSync(join(folder, "made", "pulumi"), { recursive: true });
    writeFileSync(join(folder, "made", "pulumi", "pulumi"), "the CLI");
    writeFileSync(join(folder, "made", "pulumi", "pulumi-language-nodejs"), "the host");
    const { stdout } = spawnSync("tar", ["-czf", "-", "-C", join(folder, "made"), "pulumi"]);
    const digest = createHash("sha256").update(stdout).digest("hex");
    files.clear();
    files.set(`/sdk/${archiveName}`, stdout);
    files.set(`/moved/${archiveName}`, stdout);
    files.set(
      `/sdk/${checksumsName}`,
      `${"0".repeat(64)}  other.tar.gz\n${digest}  ${archiveName}\n`,
    );
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function archive(path: string, isReachable = true) {
    const context = setUpContext({
      report: () => undefined,
      isVendorReachable: () => Promise.resolve(isReachable),
    });
    return vendorArchive(folder, context, `${releases}${path}`);
  }

  async function reasonOf(path: string, isReachable = true): Promise<string> {
    const outcome = await archive(path, isReachable).take("pulumi", join(folder, "out"));
    assert.equal(existsSync(join(folder, "out")), false);
    return outcome.ok ? "" : outcome.reason;
  }

  it("hands over each file of one download and leaves nothing when it is discarded", async () => {
    const downloaded = archive("/sdk");
    for (const [file, content] of [
      ["pulumi", "the CLI"],
      ["pulumi-language-nodejs", "the host"],
    ] as const) {
      const target = join(folder, file);
      assert.deepEqual(await downloaded.take(file, target), { ok: true });
      assert.equal(readFileSync(target, "utf8"), content);
      files.delete(`/sdk/${archiveName}`); // a second download would fail
    }
    await downloaded.discard();
    assert.equal(existsSync(join(folder, "vendor-archive")), false);
  });

  it("follows a redirection", async () => {
    const outcome = await archive("/moved").take("pulumi", join(folder, "out"));
    assert.deepEqual(outcome, { ok: true });
  });

  it("refuses an archive whose digest is not the listed one", async () => {
    files.set(`/sdk/${archiveName}`, "something else");
    assert.match(
      await reasonOf("/sdk"),
      / has SHA-256 [0-9a-f]{64}, its checksums say [0-9a-f]{64}$/,
    );
  });

  it("refuses an archive that is not listed", async () => {
    files.set(`/sdk/${checksumsName}`, "");
    assert.equal(await reasonOf("/sdk"), `the checksums have no line for ${archiveName}`);
  });

  it("gives the URL and the server's answer when a file is not there", async () => {
    assert.match(await reasonOf("/none"), /^cannot download https:.*: the server answered 404$/);
  });

  it("does not try when the vendor cannot be reached", async () => {
    assert.equal(await reasonOf("/sdk", false), "get.pulumi.com cannot be reached from here");
  });
});
