// The rule for tags of Azure's resources.
import { textLike } from "../../values/argument-rules";
import { texts } from "../../values/object-rules";

// learn.microsoft.com/azure/azure-resource-manager/management/tag-resources, limitations.
const NAMES = {
  pattern: /^[^<>%&\\?/]{1,512}$/,
  legal: "of 1 to 512 characters without < > % & \\ ? /",
};

export const azureTags = texts(NAMES, {
  items: textLike("a text of at most 256 characters", (text) => text.length <= 256, {}),
});
