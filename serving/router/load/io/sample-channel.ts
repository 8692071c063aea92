// The metrics channel to one autoscaler pod: a long POST with a sample per line, opened again whenever it ends.
import { readFile } from "node:fs/promises";
import type { ClientRequest } from "node:http";
import { request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import {
  SAMPLES_PATH,
  SAMPLES_PORT,
  type RouterSample,
} from "../../../../contracts/metrics-channel/router-sample";
import { readMutualTls } from "../../../../kubernetes/io/certificate-pair";
import { explainError, log } from "../../../../runtime/log";
import type { Sampled } from "./sampler";

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;
/** Bytes that wait to be sent: with more the channel is closed and opened again. */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024;

export interface ChannelOptions {
  readonly address: string;
  readonly port?: number;
  /** Pod name of the router. */
  readonly router: string;
  /** Read for each connection, since Kubernetes rotates it. */
  readonly tokenFile: string;
  /** Folder of the router's certificate, read for each connection, too. */
  readonly tlsDirectory: string;
  /** Name that the autoscaler's certificate must have. */
  readonly serverName: string;
  /** The first sample of a connection; undefined: there is none yet. */
  readonly full: () => Sampled | undefined;
}

export class SampleChannel {
  readonly #options: ChannelOptions;
  readonly #stop = new AbortController();
  #open: { readonly request: ClientRequest; sequence: number } | undefined;

  constructor(options: ChannelOptions) {
    this.#options = options;
    void this.#run();
  }

  /** Sends the sample if the channel is open. */
  send(sampled: Sampled): void {
    if (this.#open === undefined) return;
    if (this.#open.request.writableLength > MAX_BACKLOG_BYTES) {
      this.#open.request.destroy(new Error("the autoscaler reads too slowly"));
      return;
    }
    this.#write(sampled);
  }

  close(): void {
    this.#stop.abort();
    this.#open?.request.destroy();
  }

  async #run(): Promise<void> {
    const { address } = this.#options;
    let delayMs = FIRST_DELAY_MS;
    while (!this.#stop.signal.aborted) {
      try {
        while (this.#options.full() === undefined && !this.#stop.signal.aborted)
          await this.#pause(FIRST_DELAY_MS);
        if (this.#stop.signal.aborted) return;
        await this.#connect(() => (delayMs = FIRST_DELAY_MS));
        log("info", "the autoscaler closed the metrics channel", { address });
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        log("warning", "the metrics channel to the autoscaler failed", {
          address,
          why: explainError(error),
        });
      }
      this.#open = undefined;
      await this.#pause(delayMs * (0.5 + Math.random()));
      delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
    }
  }

  /** Ends early when the channel is closed. */
  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }

  /** Resolves when the connection closed without an error. */
  async #connect(onOpen: () => void): Promise<void> {
    const {
      address,
      port = SAMPLES_PORT,
      tokenFile,
      tlsDirectory,
      serverName,
      full,
    } = this.#options;
    const token = (await readFile(tokenFile, "utf8")).trim();
    const mounted = readMutualTls(tlsDirectory);
    if (!mounted.ok) throw new Error(mounted.message);
    await new Promise<void>((resolve, reject) => {
      const outgoing = request({
        host: address,
        port,
        path: SAMPLES_PATH,
        method: "POST",
        agent: false,
        ...mounted.files,
        servername: serverName,
        minVersion: "TLSv1.3",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" },
      });
      outgoing.once("error", reject).once("close", resolve);
      outgoing.once("response", (response) => {
        response.resume().once("end", () => outgoing.destroy());
        if (response.statusCode !== 200) {
          outgoing.destroy(new Error(`the autoscaler answered ${response.statusCode}`));
          return;
        }
        const first = full();
        if (first === undefined) {
          outgoing.destroy(new Error("there is nothing to report yet"));
          return;
        }
        onOpen();
        this.#open = { request: outgoing, sequence: 0 };
        this.#write(first);
      });
      outgoing.flushHeaders();
    });
  }

  #write({ full, endpoints }: Sampled): void {
    if (this.#open === undefined) return;
    const { router } = this.#options;
    const sample: RouterSample = { router, sequence: this.#open.sequence++, full, endpoints };
    this.#open.request.write(`${JSON.stringify(sample)}\n`);
  }
}
