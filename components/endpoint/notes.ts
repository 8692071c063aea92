// A user's own notes on an endpoint or a version, as annotations: labels would not take every text.
import * as pulumi from "@pulumi/pulumi";
import { type Given, withoutAbsent } from "../engine/inputs";
import { GROUP } from "../../contracts/model-endpoint/model-endpoint";

/** Azure ML v1's free texts. */
export interface Notes {
  tags?: Given<Record<string, pulumi.Input<string>>>;
  properties?: Given<Record<string, pulumi.Input<string>>>;
  description?: Given<string>;
}

/** One annotation per kind of note that is given: `aml-inference.io/tags` as JSON, and so on. */
export function notes(given: Notes): Record<string, pulumi.Input<string>> {
  const { tags, properties, description } = given;
  return {
    ...(tags === undefined ? {} : { [`${GROUP}/tags`]: jsonOf(tags) }),
    ...(properties === undefined ? {} : { [`${GROUP}/properties`]: jsonOf(properties) }),
    ...(description === undefined ? {} : { [`${GROUP}/description`]: withoutAbsent(description) }),
  };
}

function jsonOf(
  given: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>,
): pulumi.Output<string> {
  return pulumi.jsonStringify(withoutAbsent(given));
}
