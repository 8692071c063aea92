/** Stand-in for `pulumi-resource-azure-native`: started by the engine, speaks to the stand-in Azure. */
import { CheckResponse, DiffResponse } from "@pulumi/pulumi/proto/provider_pb";
import { servePlugin } from "../resource-plugin";
import type { PluginContext } from "./context";
import { requireResource } from "./core/resource-table";
import { check } from "./methods/check";
import { configure, configureResponse } from "./methods/configure";
import { diff } from "./methods/diff";
import { invoke } from "./methods/invoke";
import { read } from "./methods/read";
import { create, update } from "./methods/write";

const cancellation = new AbortController();
let context: PluginContext | undefined;

servePlugin({
  name: "azure-native",
  version: "3.28.0",
  checkConfig(request) {
    const response = new CheckResponse();
    response.setInputs(request.getNews());
    return response;
  },
  // A provider's options say who calls, not what exists: nothing is replaced for them.
  diffConfig: () => new DiffResponse(),
  configure(request) {
    context = configure(request, cancellation.signal);
    return configureResponse();
  },
  check: (request) => check(request, configured()),
  diff,
  create: (request) => create(request, configured()),
  read: (request) => read(request, configured()),
  update: (request) => update(request, configured()),
  async delete(request) {
    const entry = requireResource(request.getType());
    await configured().client.delete(request.getId(), entry.apiVersion);
  },
  invoke: (request) => invoke(request, configured()),
  cancel: () => cancellation.abort(),
});

function configured(): PluginContext {
  if (context) return context;
  throw new Error("the azure-native plugin was called before it was configured");
}
