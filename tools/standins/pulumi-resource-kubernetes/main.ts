/** Stand-in for `pulumi-resource-kubernetes`: started by the engine with the engine's address. */
import { ConfigureResponse } from "@pulumi/pulumi/proto/provider_pb";
import { connectEngineLog, servePlugin, fromStruct } from "../resource-plugin";
import type { PluginContext } from "./context";
import { parseProviderConfig } from "./core/provider-config";
import { connectCluster } from "./io/cluster";
import { check } from "./methods/check";
import { create } from "./methods/create";
import { remove } from "./methods/delete";
import { diff } from "./methods/diff";
import { checkConfig, diffConfig } from "./methods/provider-methods";
import { read } from "./methods/read";
import { update } from "./methods/update";

const log = connectEngineLog(process.argv.at(-1));
const cancellation = new AbortController();
let context: PluginContext | undefined;

servePlugin({
  name: "kubernetes",
  version: "4.29.0",
  checkConfig,
  diffConfig,
  async configure(request) {
    const config = parseProviderConfig(fromStruct(request.getArgs()), process.env);
    const cluster = await connectCluster(config);
    context = { config, cluster, log, signal: cancellation.signal };
    const response = new ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    response.setSupportsAutonamingConfiguration(true);
    return response;
  },
  check: async (request) => check(request, configured()),
  diff: async (request) => diff(request, configured()),
  create: async (request) => create(request, configured()),
  read: async (request) => read(request, configured()),
  update: async (request) => update(request, configured()),
  delete: async (request) => remove(request, configured()),
  cancel: () => cancellation.abort(),
});

function configured(): PluginContext {
  if (context) return context;
  throw new Error("the kubernetes plugin was called before it was configured");
}
