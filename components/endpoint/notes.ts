// A user's own notes on an endpoint or a version, as annotations: labels would not take every text.
import * as pulumi from "@pulumi/pulumi";
import { GROUP } from "../../contracts/model-endpoint/model-endpoint";

/** Azure ML v1's free texts. */
export interface Notes {
  tags?: Record<string, pulumi.Input<string>>;
  properties?: Record<string, pulumi.Input<string>>;
  description?: pulumi.Input<string>;
}

/** One annotation per kind of note that is given: `aml-inference.io/tags` as JSON, and so on. */
export function notes(given: Notes): Record<string, pulumi.Input<string>> {
  const { tags, properties, description } = given;
  return {
    ...(tags === undefined ? {} : { [`${GROUP}/tags`]: pulumi.jsonStringify(tags) }),
    ...(properties === undefined
      ? {}
      : { [`${GROUP}/properties`]: pulumi.jsonStringify(properties) }),
    ...(description === undefined ? {} : { [`${GROUP}/description`]: description }),
  };
}
