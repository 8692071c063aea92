// A real HAProxy 3.4 with the router's configuration, on loopback ports of its own.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CONFIG_FILE } from "../../serving/router/core/environment";
import {
  RUNTIME_SOCKET,
  type HaproxySettings,
} from "../../serving/router/core/render-haproxy-config";
import { RuntimeSocket } from "../../serving/router/io/runtime-socket";
import { writeConfiguration } from "../../serving/router/io/write-configuration";
import { cacheDirectory } from "../../tools/directories";
import { buildImage } from "../../tools/images/build-image";
import { haproxyRecipe } from "../../tools/images/haproxy-image";

export interface TestHaproxy {
  readonly settings: HaproxySettings;
  readonly httpPort: number;
  readonly healthPort: number;
  readonly httpsPort: number;
  readonly socket: RuntimeSocket;
  /** Process id of the HAProxy that runs now. */
  readonly pid: () => number;
  /** Ends it like SIGKILL of the container and starts another one, empty. */
  readonly restart: () => Promise<void>;
  /** Everything that it wrote to its log. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

let instances = 0;

/** Starts it and waits until its socket answers. */
export async function startHaproxy(tlsFiles?: {
  readonly certificateFile: string;
  readonly keyFile: string;
}): Promise<TestHaproxy> {
  const [httpPort, healthPort, httpsPort] = await freePorts();
  const directory = mkdtempSync(join(tmpdir(), "aml-haproxy-"));
  const settings: HaproxySettings = {
    directory,
    abstractName: `aml-test-${process.pid}-${instances++}`,
    httpBind: `127.0.0.1:${httpPort}`,
    healthBind: `127.0.0.1:${healthPort}`,
    ...(tlsFiles === undefined ? {} : { tls: { bind: `127.0.0.1:${httpsPort}`, ...tlsFiles } }),
  };
  writeConfiguration(settings);
  const socket = new RuntimeSocket(join(directory, RUNTIME_SOCKET));
  const log: string[] = [];
  let running = await spawnHaproxy(join(directory, CONFIG_FILE), socket, log);
  return {
    ...{ settings, httpPort, healthPort, httpsPort, socket },
    pid: () => running.pid ?? 0,
    output: () => log.join(""),
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

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
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

/** Program and first arguments: the system's HAProxy when it is 3.4, else the one in our own image. */
export async function haproxyCommand(): Promise<[string, ...string[]]> {
  if (/^HAProxy version 3\.4\./.test(versionOf("haproxy"))) return ["haproxy"];
  const root = await unpackImage(await buildImage(haproxyRecipe, (line) => console.error(line)));
  // The image may have a newer libc than this machine.
  const libraries = ["usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib64"];
  const loader = ["usr/lib64/ld-linux-x86-64.so.2", "usr/lib/ld-linux-aarch64.so.1"]
    .map((file) => join(root, file))
    .find((file) => existsSync(file));
  if (loader === undefined) throw new Error(`The image in ${root} must have a dynamic loader`);
  const path = libraries.map((folder) => join(root, folder)).join(":");
  return [loader, "--library-path", path, join(root, "usr/sbin/haproxy")];
}

function versionOf(program: string): string {
  try {
    return execFileSync(program, ["-v"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return "";
  }
}

/** The archive's files as a folder in the cache, unpacked once per image. */
async function unpackImage(archive: string): Promise<string> {
  const root = join(cacheDirectory(), "roots", basename(archive, ".tar"));
  if (existsSync(root)) return root;
  mkdirSync(join(root, ".."), { recursive: true });
  const work = mkdtempSync(`${root}.`);
  const [layout, made] = [join(work, "layout"), join(work, "root")];
  mkdirSync(layout);
  mkdirSync(made);
  execFileSync("tar", ["-xf", archive, "-C", layout]);
  const read = <T>(file: string) => JSON.parse(readFileSync(join(layout, file), "utf8")) as T;
  const blob = (digest: string) => join("blobs", digest.replace(":", "/"));
  const { manifests } = read<{ manifests: { digest: string }[] }>("index.json");
  for (const { digest } of manifests) {
    const { layers } = read<{ layers: { digest: string }[] }>(blob(digest));
    for (const layer of layers) {
      execFileSync("tar", ["-xf", join(layout, blob(layer.digest)), "-C", made]);
    }
  }
  if (!existsSync(root)) renameSync(made, root);
  rmSync(work, { recursive: true });
  return root;
}
