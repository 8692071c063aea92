// A router that says what a test tells it to: the client's end of the metrics channel.

import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request as requestPlainly } from "node:http";
import { request } from "node:https";
import {
  SAMPLE_PERIOD_MS,
  SAMPLES_PATH,
  type VersionSample,
} from "../../contracts/metrics-channel/router-sample";
import {
  CA_FILE,
  CERTIFICATE_FILE,
  PRIVATE_KEY_FILE,
} from "../../contracts/pods/router-environment";
import type { SecretFiles } from "./internal-tls";

/** What the router says of one endpoint until it is told otherwise. */
export interface ScriptedLoad {
  appliedGeneration: number;
  versions: Record<string, Partial<VersionSample>>;
}

const IDLE: VersionSample = { inFlight: 0, queued: 0, slots: 0, arrivals: 0, draining: {} };

export class ScriptedRouter {
  readonly load: ScriptedLoad = { appliedGeneration: 0, versions: {} };
  readonly #connections: ClientRequest[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly name: string,
    readonly endpointKey: string,
    readonly token: string,
    /** Where the autoscaler is reached: its caller's address is the router's pod's. */
    readonly host: string,
    /** Of a router's Secret. */
    readonly files: SecretFiles,
  ) {}

  /** Begins to report on this port too, ten times a second; throws unless it is let in. */
  async connect(port: number): Promise<void> {
    const connection = openChannel(this.host, port, this.token, this.files);
    connection.on("error", () => undefined); // an autoscaler that a test killed
    connection.write(this.#line(1));
    const response = await answerOf(connection);
    if (response.statusCode !== 200) throw new Error(`answered ${response.statusCode}`);
    let sequence = 1;
    this.#connections.push(connection);
    connection.once("close", () => {
      this.#connections.splice(this.#connections.indexOf(connection), 1);
      clearInterval(timer);
    });
    const timer = setInterval(() => {
      if (this.#timer === undefined) connection.write(this.#line((sequence += 1)));
    }, SAMPLE_PERIOD_MS);
  }

  /** Says nothing for this time, and stays connected. */
  pause(forMs: number): void {
    this.#timer = setTimeout(() => (this.#timer = undefined), forMs);
  }

  close(): void {
    for (const connection of [...this.#connections]) connection.destroy();
  }

  #line(sequence: number): string {
    const { appliedGeneration, versions } = this.load;
    const told = Object.entries(versions).map(([name, version]) => [name, { ...IDLE, ...version }]);
    const endpoint = { appliedGeneration, versions: Object.fromEntries(told) as unknown };
    const endpoints = { [this.endpointKey]: endpoint };
    return `${JSON.stringify({ router: this.name, sequence, full: true, endpoints })}\n`;
  }
}

/**
 * A POST to the channel whose body is still open.
 * @param files undefined: over plain HTTP
 */
export function openChannel(
  host: string,
  port: number,
  token: string | undefined,
  files: SecretFiles | undefined,
): ClientRequest {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const where = { host, port, path: SAMPLES_PATH, method: "POST", headers, agent: false };
  if (files === undefined) {
    const plain = requestPlainly(where);
    plain.flushHeaders();
    return plain;
  }
  const outgoing = request({
    ...where,
    ...{ ca: files[CA_FILE], cert: files[CERTIFICATE_FILE], key: files[PRIVATE_KEY_FILE] },
    // Whom it speaks to is no matter of these stories.
    rejectUnauthorized: false,
  });
  outgoing.flushHeaders();
  return outgoing;
}

export async function answerOf(outgoing: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  return response;
}
