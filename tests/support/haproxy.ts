// A real HAProxy 3.4 with the router's configuration, on loopback ports of its own.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CONFIG_FILE } from "../../contracts/pods/router-environment";
import type { HaproxySettings } from "../../serving/router/haproxy/core/haproxy-settings";
import { RUNTIME_SOCKET } from "../../serving/router/haproxy/core/render-haproxy-config";
import { RuntimeSocket } from "../../serving/router/haproxy/io/runtime-socket";
import { writeConfiguration } from "../../serving/router/haproxy/io/write-configuration";
import { haproxyCommand } from "../../tools/images";

export interface TestHaproxy {
  readonly settings: HaproxySettings;
  readonly httpPort: number;
  readonly healthPort: number;
  readonly httpsPort: number;
  readonly socket: RuntimeSocket;
  /** A number of `show stat`, by its column; `row`: FRONTEND, BACKEND or a server. */
  readonly stat: (proxy: string, row: string, column: string) => Promise<number>;
  /** Process id of the HAProxy that runs now. */
  readonly pid: () => number;
  /** Ends it like SIGKILL of the container, and nobody starts another one. */
  readonly kill: () => Promise<void>;
  /** Ends it like SIGKILL of the container and starts another one, empty. */
  readonly restart: () => Promise<void>;
  /** Everything that it wrote to its log. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

let instances = 0;

/** Starts it and waits until its socket answers. */
export async function startHaproxy(
  tlsFiles?: { readonly certificateFile: string; readonly keyFile: string },
  more: Partial<HaproxySettings> = {},
): Promise<TestHaproxy> {
  const [httpPort, healthPort, httpsPort] = await freePorts();
  const directory = mkdtempSync(join(tmpdir(), "aml-haproxy-"));
  const settings: HaproxySettings = {
    directory,
    abstractName: `aml-test-${process.pid}-${instances++}`,
    httpBind: `127.0.0.1:${httpPort}`,
    healthBind: `127.0.0.1:${healthPort}`,
    ...(tlsFiles === undefined ? {} : { tls: { bind: `127.0.0.1:${httpsPort}`, ...tlsFiles } }),
    ...more,
  };
  writeConfiguration(settings);
  const socket = new RuntimeSocket(join(directory, RUNTIME_SOCKET));
  const log: string[] = [];
  let running = await spawnHaproxy(join(directory, CONFIG_FILE), socket, log);
  return {
    ...{ settings, httpPort, healthPort, httpsPort, socket },
    stat: (proxy, row, column) => readStat(socket, proxy, row, column),
    pid: () => running.pid ?? 0,
    output: () => log.join(""),
    kill: () => kill(running),
    restart: async () => {
      await kill(running);
      running = await spawnHaproxy(join(directory, CONFIG_FILE), socket, log);
    },
    stop: async () => {
      socket.close();
      await kill(running);
      rmSync(directory, { recursive: true });
    },
  };
}

async function readStat(
  socket: RuntimeSocket,
  proxy: string,
  row: string,
  column: string,
): Promise<number> {
  const [header = "", ...rows] = (await socket.command(`show stat ${proxy} 7 -1`)).split("\n");
  const found = rows.find((each) => each.startsWith(`${proxy},${row},`));
  return Number(found?.split(",")[header.replace("# ", "").split(",").indexOf(column)]);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

async function spawnHaproxy(
  configFile: string,
  socket: RuntimeSocket,
  log: string[],
): Promise<ChildProcess> {
  const [program, ...args] = await haproxyCommand();
  const child = spawn(program, [...args, "-f", configFile], { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => log.push(text));
  }
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`HAProxy ended: ${log.join("")}`);
    const answer = await socket.command("show info").catch(() => "");
    if (new RegExp(`^Pid: ${child.pid}$`, "m").test(answer)) return child;
    await sleep(25);
  }
  throw new Error(`HAProxy did not answer: ${log.join("")}`);
}

async function freePorts(): Promise<[number, number, number]> {
  const servers = [createServer(), createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(async (server) => {
      await once(server.listen(0, "127.0.0.1"), "listening");
      return (server.address() as AddressInfo).port;
    }),
  );
  for (const server of servers) server.close();
  const [first = 0, second = 0, third = 0] = ports;
  return [first, second, third];
}
