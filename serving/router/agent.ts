// The agent without Kubernetes: keeps one HAProxy as given resources say, and samples it.
import { join } from "node:path";
import { RUNTIME_SOCKET, type HaproxySettings } from "./haproxy/core/render-haproxy-config";
import { ControlLoop, type Resources } from "./haproxy/io/control-loop";
import { drainRouter } from "./drain/io/drain-router";
import { renewCertificate } from "./certificate/io/renew-certificate";
import { RuntimeSocket } from "./haproxy/io/runtime-socket";
import { Sampler, type Sampled } from "./load/io/sampler";

export interface AgentOptions {
  readonly haproxy: HaproxySettings;
  /** Looked at in each pass; call `trigger` when they changed. */
  readonly resources: () => Resources;
  readonly deliver: (sampled: Sampled) => void;
  /** Folder of the mounted certificate, when there is one. */
  readonly tlsDirectory?: string;
  readonly drainSeconds: number;
}

export interface Agent {
  readonly trigger: () => void;
  readonly sampler: Sampler;
  readonly loop: ControlLoop;
  /** See drainRouter. */
  readonly drain: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Starts the loops; HAProxy's files must have been written. It may be stopped and started at any time. */
export function startAgent(options: AgentOptions): Agent {
  const { haproxy, resources, deliver, tlsDirectory, drainSeconds } = options;
  const path = join(haproxy.directory, RUNTIME_SOCKET);
  // Two connections: a long pass must not hold up the samples.
  const [control, samples] = [new RuntimeSocket(path), new RuntimeSocket(path)];
  const stop = new AbortController();
  const loop = new ControlLoop({ socket: control, abstractName: haproxy.abstractName, resources });
  const sampler = new Sampler(samples, () => loop.last);
  const running = [
    loop.run(stop.signal),
    sampler.run(stop.signal, deliver),
    ...(tlsDirectory === undefined ? [] : [renewCertificate(control, tlsDirectory, stop.signal)]),
  ];
  return {
    trigger: () => loop.trigger(),
    sampler,
    loop,
    drain: () =>
      drainRouter({
        leaveService: () => loop.leaveService(),
        requests: () => sampler.requests,
        drainSeconds,
      }),
    stop: async () => {
      stop.abort();
      await Promise.all(running);
      control.close();
      samples.close();
    },
  };
}
