// Downloads one file over HTTPS, through the proxy that the environment names.
import { createWriteStream } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Agent, get } from "node:https";
import { pipeline } from "node:stream/promises";
import { withProgress, type Report } from "../programs";

const idleTimeoutMs = 30_000;
const maximumRedirects = 5;

/**
 * Downloads `url` to `target`, telling the progress.
 * @throws Error that names the URL and what the server or the network said
 */
export async function download(url: string, target: string, report: Report): Promise<void> {
  const agent = new Agent({ proxyEnv: process.env });
  let received = 0;
  let total = "";
  const describe = () => `Downloading ${url}: ${megabytes(received)}${total} MB`;
  try {
    await withProgress(report, describe, async () => {
      const response = await open(url, agent, maximumRedirects);
      const length = Number(response.headers["content-length"]);
      if (Number.isFinite(length)) total = ` of ${megabytes(length)}`;
      response.on("data", (chunk: Buffer) => {
        received += chunk.length;
      });
      await pipeline(response, createWriteStream(target));
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot download ${url}: ${reason}`, { cause: error });
  } finally {
    agent.destroy();
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function open(url: string, agent: Agent, redirects: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, timeout: idleTimeoutMs }, (response) => {
      const status = response.statusCode ?? 0;
      const location = response.headers.location;
      if (status === 200) resolve(response);
      else {
        response.resume();
        if (status >= 300 && status < 400 && location !== undefined && redirects > 0) {
          resolve(open(new URL(location, url).href, agent, redirects - 1));
        } else reject(new Error(`the server answered ${String(status)}`));
      }
    });
    request.on("timeout", () => {
      request.destroy(new Error(`nothing received for ${String(idleTimeoutMs / 1000)} s`));
    });
    request.on("error", reject);
  });
}
