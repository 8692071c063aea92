// Runs a command in a container of a pod, as `kubectl exec` does.
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { Exec, KubeConfig, type V1Status } from "@kubernetes/client-node";

export interface ContainerLocator {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** What the command wrote to standard output; throws when it failed. */
export async function runInContainer(
  kubeconfig: string,
  { namespace, pod, container }: ContainerLocator,
  command: readonly string[],
): Promise<string> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const [out, err] = [new PassThrough(), new PassThrough()];
  const written = Promise.all([text(out), text(err)]);
  const status = await new Promise<V1Status>((resolve, reject) => {
    new Exec(config)
      .exec(namespace, pod, container, [...command], out, err, null, false, resolve)
      .catch(reject);
  });
  // What was written came before the status.
  out.end();
  err.end();
  const [stdout, stderr] = await written;
  if (status.status !== "Success") throw new Error(`${status.message ?? ""} ${stderr}`);
  return stdout;
}

/** Shell text, for images with little more than a shell: prints the ids of processes whose command line fits the pattern. */
export const pidsOf = (pattern: string) =>
  `cd /proc; for pid in [0-9]*; do case "$pid $(tr '\\0' ' ' 2>/dev/null < $pid/cmdline)" in
     "1 "* | *" sh -c "*) ;; ${pattern}) echo $pid ;; esac; done`;

/** Pattern of the agent, without its supervisor. */
export const AGENT = String.raw`*code.cjs\ agent*`;
