// What somebody changed by hand is named by a refresh and a preview, and healed by the next `up`.
import assert from "node:assert/strict";
import { type DeclaredStack, openDeclaredStack } from "../../support/declared-stack";
import {
  applyModel,
  autoscalerIn,
  openProviderNamespace,
  type ProviderNamespace,
  routeIn,
  routerIn,
} from "../../support/provider-namespace";
import { changingSteps, expectSuccess } from "../../support/stack";

interface Edit {
  /** Resource of the stack that owns the object. */
  readonly owner: string;
  /** `<Kind>/<name>`, as states call it. */
  readonly object: string;
  /** Path of the object's API. */
  readonly path: string;
  /** What somebody applies with force. */
  readonly patch: Readonly<Record<string, unknown>>;
  /** Where that shows. */
  readonly differs: string;
}

/**
 * True of the route while the router's edited or deleted Deployment has no pod, and said by whichever autoscaler is
 * still there: it comes and goes beside what these stories are about.
 */
const ROUTER_AWAY = "the routers don't serve it as declared: No router is ready";

describe("provider: drift", () => {
  let namespace: ProviderNamespace;
  let stack: DeclaredStack;

  /** The steps of a preview, each resource with what its inputs in the state say of drift. */
  const previewed = async () =>
    changingSteps(await stack.preview())
      .map(({ op, urn, oldState }) => ({
        op,
        resource: urn.split("::").at(-1),
        drift: withoutRouterAway(oldState?.inputs?.["drift"]),
      }))
      .filter(({ op, resource, drift }) => op !== "update" || resource !== "route" || drift);
  const assertHealed = async () => {
    await expectSuccess(stack.up());
    assert.deepEqual(changingSteps(await stack.preview("--expect-no-changes")), []);
    for (const { path } of await edits()) await namespace.ask("GET", path);
  };

  /** Every kind that we own. The bundle's name is its content, so it is looked up. */
  const edits = async (): Promise<readonly Edit[]> => {
    const { name } = namespace;
    const keys = await namespace.ownedObjects();
    const bundle = keys.find((key) => /^ConfigMap\/aml-inference-router-[0-9a-f]{16}$/.test(key));
    assert.ok(bundle !== undefined, keys.join(", "));
    const core = `/api/v1/namespaces/${name}/configmaps`;
    const labels = { metadata: { labels: { "aml-inference.io/release": "mine" } } };
    return [
      {
        owner: "autoscaler",
        object: "Deployment/aml-inference-autoscaler",
        path: `/apis/apps/v1/namespaces/${name}/deployments/aml-inference-autoscaler`,
        patch: { spec: { replicas: 3 } },
        differs: "spec.replicas",
      },
      {
        owner: "router",
        object: "Deployment/aml-inference-router",
        path: `/apis/apps/v1/namespaces/${name}/deployments/aml-inference-router`,
        patch: { spec: { template: { spec: { terminationGracePeriodSeconds: 30 } } } },
        differs: "spec.template.spec.terminationGracePeriodSeconds",
      },
      {
        owner: "router",
        object: bundle,
        path: `${core}/${bundle.slice("ConfigMap/".length)}`,
        patch: labels,
        differs: 'metadata.labels["aml-inference.io/release"]',
      },
      {
        owner: "router",
        object: "ConfigMap/aml-inference-router-release",
        path: `${core}/aml-inference-router-release`,
        patch: { data: { deployment: "{}" } },
        differs: "data.deployment",
      },
      {
        owner: "route",
        object: `ModelEndpoint/${name}`,
        path: `/apis/aml-inference.io/v1/namespaces/${name}/modelendpoints/${name}`,
        patch: { spec: { suspended: true } },
        differs: "spec.suspended",
      },
    ];
  };

  before(async () => {
    namespace = await openProviderNamespace();
    await applyModel(namespace);
    stack = await openDeclaredStack(namespace.kubeconfig);
    await stack.declare({
      autoscaler: autoscalerIn(namespace.name),
      router: routerIn(namespace.name),
      route: routeIn(namespace.name),
    });
    await expectSuccess(stack.up());
  });
  after(async () => {
    await expectSuccess(stack.destroy());
    await stack.close();
    await namespace.close();
  });

  it("is seen by a preview without a refresh, which says what differs", async () => {
    const [edit] = await edits();
    assert.ok(edit !== undefined);
    await namespace.edit(edit.path, edit.patch);
    const preview = await stack.preview();
    assert.deepEqual(
      changingSteps(preview).map(({ op, urn }) => [op, urn.split("::").at(-1)]),
      [["update", edit.owner]],
    );
    const said = preview.diagnostics?.map(({ message }) => message).join("") ?? "";
    assert.ok(said.includes(`${edit.object}: ${edit.differs}`), said);
  });

  it("names every field that was edited after a refresh, and heals it", async () => {
    for (const { path, patch } of await edits()) await namespace.edit(path, patch);
    await expectSuccess(stack.refresh());
    const expected = Map.groupBy(await edits(), ({ owner }) => owner);
    assert.deepEqual(
      await previewed(),
      [...expected].map(([resource, found]) => ({
        op: "update",
        resource,
        drift: Object.fromEntries(found.map(({ object, differs }) => [object, [differs]])),
      })),
    );
    await assertHealed();
  });

  it("names every object that was deleted, and brings it back", async () => {
    const all = await edits();
    const deployments = all.filter(({ object }) => object.startsWith("Deployment/"));
    for (const { path } of deployments) await namespace.ask("DELETE", path);
    await expectSuccess(stack.refresh());
    assert.deepEqual(
      await previewed(),
      deployments.map(({ owner, object }) => ({
        op: "update",
        resource: owner,
        drift: { [object]: ["(deleted)"] },
      })),
    );
    await assertHealed();

    const configMaps = all.filter(({ object }) => object.startsWith("ConfigMap/"));
    for (const { path } of configMaps) await namespace.ask("DELETE", path);
    await expectSuccess(stack.refresh());
    const drift = Object.fromEntries(configMaps.map(({ object }) => [object, ["(deleted)"]]));
    assert.deepEqual(await previewed(), [{ op: "update", resource: "router", drift }]);
    await assertHealed();
  });

  it("takes what is gone altogether out of the state, and creates it again", async () => {
    const endpoint = (await edits()).find(({ owner }) => owner === "route");
    assert.ok(endpoint !== undefined);
    await namespace.ask("DELETE", endpoint.path);
    await expectSuccess(stack.refresh());
    assert.deepEqual(await previewed(), [{ op: "create", resource: "route", drift: undefined }]);
    await assertHealed();
  });
});

/** Undefined when nothing else drifted. */
function withoutRouterAway(drift: unknown): Record<string, readonly string[]> | undefined {
  const kept = Object.entries((drift ?? {}) as Record<string, readonly string[]>)
    .map(([object, paths]) => [object, paths.filter((path) => path !== ROUTER_AWAY)] as const)
    .filter(([, paths]) => paths.length > 0);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
