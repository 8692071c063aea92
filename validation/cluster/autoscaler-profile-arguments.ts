// The settings of AKS's node autoscaler (learn.microsoft.com/azure/aks/cluster-autoscaler-overview), by AKS's names.
import { choice, textLike } from "../../values/argument-rules";
import { type ArgumentTable } from "../../values/argument-table";

const EXPANDERS = ["least-waste", "most-pods", "priority", "random"] as const;

const minutes = () => textLike("minutes like 10m", /^\d+m$/, {});
const number = () => textLike("a whole number as a text, like 10", /^\d+$/, {});
const yesOrNo = () => choice(["true", "false"], {});

/** Values are texts, as in AKS's API. What is left out is AKS's. */
export const AUTOSCALER_PROFILE_ARGUMENTS = {
  balanceSimilarNodeGroups: yesOrNo(),
  expander: choice(EXPANDERS, {}),
  maxEmptyBulkDelete: number(),
  maxGracefulTerminationSec: number(),
  maxNodeProvisionTime: minutes(),
  maxTotalUnreadyPercentage: textLike("0 to 100 as a text, like 45", /^(\d{1,2}|100)$/, {}),
  newPodScaleUpDelay: textLike("a time like 0s, 1m or 1h", /^\d+[smh]$/, {}),
  okTotalUnreadyCount: number(),
  scaleDownDelayAfterAdd: minutes(),
  scaleDownDelayAfterDelete: textLike("a time like 10s or 1m", /^\d+[sm]$/, {}),
  scaleDownDelayAfterFailure: minutes(),
  scaleDownUnneededTime: minutes(),
  scaleDownUnreadyTime: minutes(),
  scaleDownUtilizationThreshold: textLike(
    "0 to 1 as a text, like 0.5",
    /^(0(\.\d+)?|1(\.0+)?)$/,
    {},
  ),
  scanInterval: textLike("seconds like 10s", /^\d+s$/, {}),
  skipNodesWithLocalStorage: yesOrNo(),
  skipNodesWithSystemPods: yesOrNo(),
} as const satisfies ArgumentTable;
