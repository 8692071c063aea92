// A metrics channel to every autoscaler pod: any of them may become the leader, which needs the load.
import { readPods, type EndpointSlice } from "../../../../kubernetes/core/endpoint-slice";
import { SampleChannel, type ChannelOptions } from "./sample-channel";
import type { Sampled } from "./sampler";

export class SampleChannels {
  readonly #options: Omit<ChannelOptions, "address" | "port">;
  readonly #channels = new Map<string, SampleChannel>();

  constructor(options: Omit<ChannelOptions, "address" | "port">) {
    this.#options = options;
  }

  /** Opens and closes channels so that there is one per address in the slices of the autoscaler's Service. */
  follow(slices: Iterable<EndpointSlice>): void {
    const addresses = new Set(readPods([...slices]).ready.values());
    for (const [address, channel] of this.#channels) {
      if (addresses.has(address)) continue;
      channel.close();
      this.#channels.delete(address);
    }
    for (const target of addresses) {
      if (this.#channels.has(target)) continue;
      const [address = "", port] = target.split(":");
      this.#channels.set(
        target,
        new SampleChannel({ ...this.#options, address, port: Number(port) }),
      );
    }
  }

  send(sampled: Sampled): void {
    for (const channel of this.#channels.values()) channel.send(sampled);
  }

  close(): void {
    this.follow([]);
  }
}
