// The agent without Kubernetes: keeps one HAProxy as given resources say, and samples its load.
import { join } from "node:path";
import type { HaproxySettings } from "./haproxy/core/haproxy-settings";
import { RUNTIME_SOCKET } from "./haproxy/core/render-haproxy-config";
import { ControlLoop, type Resources } from "./haproxy/io/control-loop";
import { DrainFiles } from "./drain/io/drain-files";
import { followDrain } from "./drain/io/follow-drain";
import { renewCertificate } from "./certificate/io/renew-certificate";
import { endVanished } from "./haproxy/io/end-vanished";
import { RuntimeSocket } from "./haproxy/io/runtime-socket";
import { log as logLine, type Log } from "../../runtime/log";
import { Sampler, type Sampled } from "./load/io/sampler";

export interface AgentOptions {
  readonly haproxy: HaproxySettings;
  /** Read in each pass; call `trigger` when they changed. */
  readonly resources: () => Resources;
  readonly deliver: (sampled: Sampled) => void;
  /** Folder of the mounted certificate, when there is one. */
  readonly tlsDirectory?: string;
  /** Default: JSON lines on standard output. */
  readonly log?: Log;
}

export interface Agent {
  readonly trigger: () => void;
  readonly sampler: Sampler;
  readonly loop: ControlLoop;
  readonly stop: () => Promise<void>;
}

/** Starts the loops; HAProxy's files must have been written. It may be stopped and started at any time. */
export function startAgent(options: AgentOptions): Agent {
  const { haproxy, resources, deliver, tlsDirectory, log = logLine } = options;
  const path = join(haproxy.directory, RUNTIME_SOCKET);
  // Two connections: a long pass must not hold up the samples.
  const [control, samples] = [new RuntimeSocket(path), new RuntimeSocket(path)];
  const stop = new AbortController();
  const { abstractName } = haproxy;
  const files = new DrainFiles(haproxy.directory);
  const isDraining = () => files.requested;
  const loop = new ControlLoop({ socket: control, abstractName, resources, isDraining, log });
  const sampler = new Sampler(samples, () => loop.last, log);
  const running = [
    loop.run(stop.signal),
    sampler.run(stop.signal, deliver),
    endVanished(control, { live: () => loop.last?.live, signal: stop.signal, log }),
    followDrain({
      files,
      served: () => loop.last?.model.accepted,
      onChange: () => loop.trigger(),
      signal: stop.signal,
    }),
    ...(tlsDirectory === undefined
      ? []
      : [renewCertificate(control, { directory: tlsDirectory, signal: stop.signal, log })]),
  ];
  return {
    trigger: () => loop.trigger(),
    sampler,
    loop,
    stop: async () => {
      stop.abort();
      await Promise.all(running);
      control.close();
      samples.close();
    },
  };
}
