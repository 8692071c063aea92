// States of earlier code: the shells in them still work against the built library, and nothing of them changes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { projectRoot } from "../../../tools/checkout";
import { resourceShell } from "../../../provider/engine/core/resource-shell";
import { type ResourceOperations } from "../../../provider/engine/core/resource-operations";
import { type WorkspaceComputeOutputs } from "../../../provider/workspace-compute/operations";
import { isRecord } from "../../../values/is-record";
import { type JsonObject } from "../../../values/json-object";
import { without } from "../../../values/without";
import { openApiServer } from "../../support/api-server";
import { withoutRetries } from "../../support/without-retries";
import {
  clusterIn,
  COMPUTES,
  openWorld,
  plantCompute,
  SUBSCRIPTION,
} from "../../support/workspace-world";

/** What Pulumi's dynamic provider calls. */
type Provider = Omit<ResourceOperations<JsonObject, JsonObject>, "configure"> & {
  configure?(request: { config: { get(key: string): string | undefined } }): Promise<void>;
};

interface Resource {
  /** The last part of the type token. */
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
}

const SECRET = "4dabf18193072939515e22adb298388d";
/** Nothing listens there. */
const CLOSED = "https://127.0.0.1:1";

// Resolved as Pulumi's dynamic provider does it: the library from the program's folder, which is this one.
const requireInstalled = createRequire(join(projectRoot, "index.js"));
const requireFromString = createRequire(requireInstalled.resolve("@pulumi/pulumi"))(
  "require-from-string",
) as (text: string) => { handler(): Provider };

const providerOf = (text: unknown): Provider => requireFromString(String(text)).handler();

/** Secrets arrive as plain values. */
function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrap);
  if (!isRecord(value)) return value;
  if (SECRET in value) return JSON.parse(String(value["plaintext"]));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, unwrap(each)]));
}

function resourcesOf(stack: string): Resource[] {
  const path = join(projectRoot, "tests", "golden", "states", `${stack}.json`);
  const text = readFileSync(path, "utf8");
  const { deployment } = JSON.parse(
    text.replaceAll("https://kubernetes.example.com:6443", CLOSED),
  ) as { deployment: { resources: (Resource & { urn: string })[] } };
  return deployment.resources.map(({ urn, type, id, inputs, outputs }) => ({
    type: type.replace(/^.*:/, ""),
    name: `${stack}/${urn.replace(/^.*::/, "")}`,
    id,
    inputs: unwrap(inputs) as JsonObject,
    outputs: unwrap(outputs) as JsonObject,
  }));
}

/** The inputs as a program of today gives them, without what `check` adds. */
function programInputs({ inputs }: Resource): JsonObject {
  const { judged, foundAtFirst, ...kept } = inputs;
  return {
    ...without(kept, "drift", "bundle", "leftovers"),
    ...(judged === undefined ? {} : { endpointArguments: judged }),
    ...(foundAtFirst === undefined ? {} : { errorsUntilAccepted: foundAtFirst }),
  };
}

const ROOTS: Readonly<Record<string, string>> = {
  ConfigMap: "/api/v1",
  Deployment: "/apis/apps/v1",
  ModelEndpoint: "/apis/aml-inference.io/v1",
};

/** Paths of the objects that the state says were deployed. */
function objectsOf({ outputs, id }: Resource): string[] {
  const { namespace, objects } = outputs;
  const keys = !isRecord(objects) ? [`ModelEndpoint/${id.split("/")[1]}`] : Object.keys(objects);
  return keys.map((key) => {
    const [kind = "", name = ""] = key.split("/");
    return `${ROOTS[kind]}/namespaces/${String(namespace)}/${kind.toLowerCase()}s/${name}`;
  });
}

/** What a delete asks of a cluster that has nothing of it. */
function deletionsOf(resource: Resource): string[] {
  const { outputs } = resource;
  if (outputs["objects"] === undefined) {
    const { spec } = outputs;
    const router = String(isRecord(spec) && spec["routerNamespace"]);
    const names = `namespaces/${router}/configmaps/aml-inference-names`;
    const bindings = `namespaces/${String(outputs["namespace"])}/rolebindings`;
    return [
      ...objectsOf(resource).flatMap((path) => [
        `GET ${path}`,
        `PATCH ${path}?fieldManager=aml-inference`,
      ]),
      `GET ${ROOTS["ConfigMap"]}/${names}`,
      `GET /apis/rbac.authorization.k8s.io/v1/${bindings}/aml-inference-router-endpoints.${router}`,
    ];
  }
  const selector = `labelSelector=aml-inference.io/release=${String(outputs["name"])}`;
  return ["Deployment", "ConfigMap"].map((kind) => {
    const place = `${ROOTS[kind]}/namespaces/${String(outputs["namespace"])}`;
    return `GET ${place}/${kind.toLowerCase()}s?${selector}`;
  });
}

/** Runs the work and catches what it prints, which the CLI would show. */
async function printedBy(work: () => Promise<unknown>): Promise<string> {
  const lines: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (text: string | Uint8Array) => lines.push(String(text)) > 0;
  try {
    await work();
  } finally {
    process.stdout.write = write;
  }
  return lines.join("");
}

const RESOURCES = ["aks", "attach", "legacy"].flatMap(resourcesOf);
const PURE = ["ArgumentCheck", "EndpointKeys", "LegacyCertificate"];
const IN_CLUSTER = ["EndpointRoute", "RouterDeployment", "AutoscalerDeployment"];

describe("A state of earlier code", () => {
  withoutRetries();

  it("has every dynamic resource", () => {
    const types = new Set(RESOURCES.map(({ type }) => type));
    assert.deepEqual(
      [...types].sort(),
      [...PURE, ...IN_CLUSTER, "LegacyRouter", "WorkspaceCompute"].sort(),
    );
  });

  for (const resource of RESOURCES) {
    const { type, name, id, inputs, outputs } = resource;
    describe(`${type} ${name}`, () => {
      const provider = providerOf(inputs["__provider"]);

      it("names a module of this package and functions that it has", () => {
        assert.equal(outputs["__provider"], inputs["__provider"]);
        const calls = /import\("([^"]+)"\)\)\.(operations\.)?(\w+)\(/g;
        const found = [...String(inputs["__provider"]).matchAll(calls)];
        assert.ok(found.length >= 3);
        for (const [, specifier = "", isOperation, method = ""] of found) {
          const module = requireInstalled(specifier) as JsonObject;
          const owner = isOperation === undefined ? module : module["operations"];
          assert.equal(typeof (owner as JsonObject)[method], "function", `${specifier} ${method}`);
        }
      });

      if (PURE.includes(type)) {
        it("has no change, by its own shell and by that of today", async () => {
          const methods = Object.keys(provider) as (keyof Provider)[];
          for (const each of [provider, providerOf(resourceShell(type, methods).text)]) {
            const checked = await each.check(inputs, programInputs(resource));
            assert.deepEqual(checked.failures, []);
            assert.deepEqual(await each.diff(id, outputs, checked.inputs), { changes: false });
          }
          // A refresh compares with the inputs in the state.
          assert.deepEqual(await provider.diff(id, outputs, inputs), { changes: false });
          if (provider.update === undefined) return;
          const { outs } = await provider.update(id, outputs, inputs);
          assert.deepEqual(outs, without(outputs, "__provider"));
        });
      }

      if (IN_CLUSTER.includes(type)) {
        it("is a change where its cluster can't be asked, and can't be read or deleted there", async () => {
          const { inputs: news, failures } = await provider.check(inputs, programInputs(resource));
          assert.deepEqual(failures, []);
          const printed = await printedBy(async () => {
            assert.deepEqual(await provider.diff(id, outputs, news), { changes: true });
          });
          // New code of the pods is a change that needs no look.
          if (type === "EndpointRoute") {
            assert.match(printed, /^endpoint .* can't be compared with the cluster: .*/);
          }
          const unreachable = {
            message: /the cluster at https:\/\/127\.0\.0\.1:1 can't be reached/,
          };
          await assert.rejects(async () => provider.read?.(id, outputs), unreachable);
          await assert.rejects(async () => provider.delete?.(id, outputs), unreachable);
        });
      }

      if (IN_CLUSTER.includes(type)) {
        it("is looked for where it says that it is, object by object", async () => {
          const requests: string[] = [];
          const server = await openApiServer(({ method = "", url = "" }, response) => {
            requests.push(`${method} ${decodeURIComponent(url)}`);
            response.writeHead(404).end("{}");
          });
          try {
            const olds = { ...outputs, kubeconfig: server.kubeconfig };
            assert.deepEqual(await provider.read?.(id, olds), { id: "" });
            const read = new Set(requests.splice(0));
            await provider.delete?.(id, olds);
            assert.deepEqual(read, new Set(objectsOf(resource).map((path) => `GET ${path}`)));
            assert.deepEqual(requests, deletionsOf(resource));
          } finally {
            await server.close();
          }
        });
      }

      if (type === "LegacyRouter") {
        it("has no change, though nobody can look for leftovers", async () => {
          const printed = await printedBy(async () => {
            const { inputs: news } = await provider.check(inputs, programInputs(resource));
            assert.deepEqual(await provider.diff(id, outputs, news), { changes: false });
          });
          assert.match(printed, /^Can't look for leftovers of v1's router: /);
          assert.deepEqual(await provider.diff(id, outputs, inputs), { changes: false });
          assert.deepEqual(await provider.create(inputs), { id: "legacy-router", outs: {} });
          assert.deepEqual(await provider.update?.(id, outputs, inputs), { outs: {} });
        });
      }

      if (type === "WorkspaceCompute") {
        it("is a change where nobody can sign in to Azure, and can't be read or deleted then", async () => {
          const settings: JsonObject = {
            "azure-native:tenantId": "no tenant",
            "azure-native:clientId": "client",
            "azure-native:clientSecret": "secret",
          };
          const get = (key: string) => settings[key] as string | undefined;
          await provider.configure?.({ config: { get } });
          const { inputs: news, failures } = await provider.check(inputs, programInputs(resource));
          assert.deepEqual(failures, []);
          const printed = await printedBy(async () => {
            assert.deepEqual(await provider.diff(id, outputs, news), { changes: true });
          });
          assert.match(printed, /can't be compared with Azure: .*[Ii]nvalid tenant/);
          const refused = { message: /[Ii]nvalid tenant/ };
          await assert.rejects(async () => provider.read?.(id, outputs), refused);
          await assert.rejects(async () => provider.delete?.(id, outputs), refused);
        });

        it("has no change while Azure has what it says", async () => {
          const world = await openWorld();
          try {
            const { azure, operations } = world;
            const cluster = String(inputs["clusterId"]).replace(/^.*\//, "");
            const body = { location: "westeurope", properties: { provisioningState: "Succeeded" } };
            const managed = "Microsoft.ContainerService/managedClusters";
            azure.store.put(clusterIn(SUBSCRIPTION, cluster), managed, body, azure.clock.now());
            if (inputs["computeType"] === "AKS") {
              // Azure makes no new ones.
              const properties = { clusterPurpose: "FastProd", loadBalancerType: "PublicIp" };
              const v1 = { computeType: "AKS", resourceId: inputs["clusterId"], properties };
              plantCompute(world, v1, { name: String(inputs["computeName"]) });
            }
            const { inputs: news } = await operations.check(inputs, programInputs(resource));
            await operations.create(news);
            const olds = outputs as unknown as WorkspaceComputeOutputs;
            assert.deepEqual(await operations.diff(id, olds, news), { changes: false });
            const read = await operations.read(id, olds);
            assert.deepEqual([read.id, read.props], [id, olds]);
            await operations.delete(id, olds);
            azure.store.settle(azure.clock.now());
            assert.deepEqual(azure.store.list(COMPUTES), []);
          } finally {
            await world.close();
          }
        });
      }
    });
  }
});

describe("A kubeconfig of earlier code", () => {
  it("finds the program that gets a token", () => {
    const { main } = requireInstalled("aml-inference/provider/entra-token") as JsonObject;
    assert.equal(typeof main, "function");
  });
});
