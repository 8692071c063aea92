// One step of an engine in process: what the transforms, the stand-in plugin's Check and its Diff make of a resource.
import type * as pulumi from "@pulumi/pulumi";
import { type MockResourceArgs } from "@pulumi/pulumi/runtime";
import { CheckRequest, DiffRequest } from "@pulumi/pulumi/proto/provider_pb";
import { type PropertyMap, stripSecretsOf } from "../../tools/standins/property-value";
import {
  check,
  diffByPlugin,
  type PluginContext,
} from "../../tools/standins/pulumi-resource-azure-native";
import { fromStruct, toStruct } from "../../tools/standins/resource-plugin";

/** A resource as the program registers it. */
export type Registered = MockResourceArgs & { readonly opts: pulumi.CustomResourceOptions };

/** The inputs and options after the component's transforms. */
export async function transformed({ type, name, inputs, opts }: Registered) {
  let props = stripSecretsOf(inputs as PropertyMap);
  let options = opts;
  for (const transform of opts.transforms ?? []) {
    const result = await transform({ type, name, props, opts: options, custom: true });
    if (result === undefined) continue;
    props = JSON.parse(JSON.stringify(result.props)) as PropertyMap;
    options = result.opts;
  }
  return { inputs: props, opts: options };
}

/** The inputs after Check. */
export async function checked(
  { type, name }: Registered,
  olds: PropertyMap,
  news: PropertyMap,
  context: PluginContext,
): Promise<PropertyMap> {
  const request = new CheckRequest();
  request.setType(type);
  request.setName(name);
  request.setOlds(toStruct(olds));
  request.setNews(toStruct(news));
  return fromStruct((await check(request, context)).getInputs());
}

/** What Diff says of new inputs. */
export function diffOf(
  type: string,
  old: { readonly inputs: PropertyMap; readonly outputs: PropertyMap },
  inputs: PropertyMap,
) {
  const request = new DiffRequest();
  request.setType(type);
  request.setOldInputs(toStruct(old.inputs));
  request.setOlds(toStruct(old.outputs));
  request.setNews(toStruct(inputs));
  const response = diffByPlugin(request);
  return {
    differs: response.getDiffsList().length > 0,
    replaces: response.getReplacesList().length > 0,
    deletesFirst: response.getDeletebeforereplace(),
  };
}
