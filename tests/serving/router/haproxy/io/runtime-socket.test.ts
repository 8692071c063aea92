// The connection to HAProxy's runtime API when HAProxy takes it and says nothing.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RuntimeSocket } from "../../../../../serving/router/haproxy/io/runtime-socket";
import { until } from "../../../../support/test-router";

describe("RuntimeSocket", () => {
  it("keeps no connection on which HAProxy did not answer, and connects anew", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aml-socket-"));
    const path = join(folder, "haproxy.sock");
    const taken: Socket[] = [];
    let answers = false;
    const server = createServer((connection) => {
      taken.push(connection);
      connection.on("data", () => void (answers && connection.write("reply\n\n> ")));
    });
    await once(server.listen(path), "listening");
    const socket = new RuntimeSocket(path, 50);
    for (let round = 1; round <= 3; round++) {
      await assert.rejects(socket.command("show info"), /HAProxy did not answer 'show info'/);
      await until(() => taken.length === round && taken.every(({ closed }) => closed));
    }
    answers = true;
    assert.equal(await socket.command("show info"), "reply");
    socket.close();
    server.close();
    rmSync(folder, { recursive: true });
  });
});
