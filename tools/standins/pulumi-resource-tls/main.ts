/** Stand-in for `pulumi-resource-tls`: started by the engine with the engine's address. */
// The X.509 library finds its parts by metadata on classes; this must come before it.
import "reflect-metadata";
import { CheckResponse, ConfigureResponse, DiffResponse } from "@pulumi/pulumi/proto/provider_pb";
import { servePlugin } from "../resource-plugin";
import { check, create, diff, read, update } from "./methods";

servePlugin({
  name: "tls",
  version: "5.5.1",
  checkConfig(request) {
    const response = new CheckResponse();
    response.setInputs(request.getNews());
    return response;
  },
  // The vendor's only options are proxies for its functions; no resource depends on them.
  diffConfig: () => new DiffResponse(),
  configure() {
    const response = new ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    return response;
  },
  check,
  diff: (request) => diff(request, new Date()),
  create: (request) => create(request, new Date()),
  read: (request) => read(request, new Date()),
  update,
  // A key and a certificate live in the state alone.
  delete: async () => {},
  cancel: () => {},
});
