// A model that counts: each answer says how many requests its replica had at the same time, and at most so far.
// The unfriendliest one that is allowed: it ends at once on SIGTERM, whatever it computes.
import { createServer } from "node:http";
import { hostname } from "node:os";

let inFlight = 0;
let maximum = 0;
let received = 0;

createServer((request, response) => {
  if (request.url === "/") return void response.end("Healthy");
  if (!request.url?.startsWith("/score")) return void response.writeHead(404).end();
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const {
      ms = 0,
      blockMs = 0,
      status = 200,
    } = JSON.parse(Buffer.concat(chunks).toString() || "{}");
    received += 1;
    inFlight += 1;
    maximum = Math.max(maximum, inFlight);
    const atStart = inFlight;
    // Like a model with one worker, it answers nobody meanwhile, not even a probe.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockMs);
    // Like a model, it computes to the end, whether or not somebody still waits for the answer.
    setTimeout(() => {
      inFlight -= 1;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ replica: hostname(), atStart, maximum, received }));
    }, ms);
  });
}).listen(5001);

process.on("SIGTERM", () => process.exit(0));
