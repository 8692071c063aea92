// The agent's container on this machine, whose API server can't be reached: it drains and ends in every phase of its life.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONFIG_FILE, DRAIN_FILES, ENVIRONMENT } from "../../contracts/pods/router-environment";
import { countRequests } from "../../serving/router/drain/io/count-requests";
import { projectRoot } from "../../tools/checkout";
import { startHaproxy, type TestHaproxy } from "../support/haproxy";
import { until } from "../support/test-router";

describe("the agent's container before its first lists", function () {
  this.timeout(60_000);
  let haproxy: TestHaproxy;
  let silent: Server;
  let supervisor: ChildProcess | undefined;
  let output: string;

  before(async function () {
    this.timeout(300_000); // the first run builds the image
    haproxy = await startHaproxy();
    // As an API server behind a firewall: it takes the connection and says nothing.
    silent = createServer((socket) => socket.on("error", () => undefined));
    await once(silent.listen(0, "127.0.0.1"), "listening");
  });
  afterEach(() => {
    supervisor?.kill("SIGKILL");
    for (const file of Object.values(DRAIN_FILES)) rmSync(at(file), { force: true });
  });
  after(async () => {
    silent.close();
    await haproxy.stop();
  });

  const at = (file: string) => join(haproxy.settings.directory, file);
  const start = (directory = haproxy.settings.directory) => {
    output = "";
    const child = spawn(process.execPath, [join(projectRoot, "dist/bundles/router.cjs")], {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        [ENVIRONMENT.podName]: "router",
        [ENVIRONMENT.directory]: directory,
        SERVICE_ACCOUNT_DIRECTORY: haproxy.settings.directory,
        KUBERNETES_SERVICE_HOST: "127.0.0.1",
        KUBERNETES_SERVICE_PORT: String((silent.address() as AddressInfo).port),
      },
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    supervisor = child;
    return child;
  };
  /** Process id of the agent that the supervisor runs now. */
  const agentOf = ({ pid }: ChildProcess) =>
    Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim());
  const started = () => output.split('"message":"started"').length - 1;

  it("drains, whatever becomes of the agent meanwhile, and then ends at once", async () => {
    const written = statSync(at(CONFIG_FILE)).mtimeMs;
    const container = start();
    await until(() => started() === 1 && statSync(at(CONFIG_FILE)).mtimeMs > written);
    const upload = connect(haproxy.httpPort, "127.0.0.1");
    upload.write(
      "POST /api/v1/service/churn/score HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{",
    );
    await until(async () => (await countRequests(haproxy.socket)) === 1);
    writeFileSync(at(DRAIN_FILES.requested), "");
    await until(() => output.includes('"message":"draining"'));
    process.kill(agentOf(container), "SIGKILL");
    await until(() => started() === 2);
    const answered = once(upload, "data");
    upload.write("}");
    // The HAProxy that no agent has filled says so after a while.
    assert.match(String(await answered), /^HTTP\/1\.1 503 .*NotReady/s);
    assert.equal(existsSync(at(DRAIN_FILES.answered)), false);
    upload.destroy();
    await until(() => existsSync(at(DRAIN_FILES.answered)));
    const ended = once(container, "exit");
    container.kill("SIGTERM");
    assert.deepEqual(await ended, [0, null]);
    assert.match(output, /"message":"stopped"/);
  });

  it("drains where there is no HAProxy", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aml-agent-"));
    const container = start(folder);
    await until(() => started() === 1);
    writeFileSync(join(folder, DRAIN_FILES.requested), "");
    await until(() => existsSync(join(folder, DRAIN_FILES.answered)));
    const agent = agentOf(container);
    const ended = once(container, "exit");
    container.kill("SIGTERM");
    assert.deepEqual(await ended, [0, null]);
    assert.throws(() => process.kill(agent, 0), /ESRCH/);
    rmSync(folder, { recursive: true });
  });
});
