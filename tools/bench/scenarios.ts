// Every scenario of `npm run bench`, in the order in which they run.
import { changeToEffect } from "./change-to-effect";
import { cpuPerRequest } from "./cpu-per-request";
import { decisionTime } from "./decision-time";
import type { Scenario } from "./figure";
import { noOpPreview } from "./no-op-preview";

export const scenarios: readonly Scenario[] = [
  cpuPerRequest,
  decisionTime,
  changeToEffect,
  noOpPreview,
];
