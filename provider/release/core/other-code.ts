// Which pods didn't start the code that their node gave them.
import { type Pod } from "../../../kubernetes/core/workload";
import { OTHER_CODE_EXIT } from "./bundle-config-map";

/** Whether a container of the pod found other code than the released one, and hasn't become ready since. */
export function refusedItsCode({ status }: Pod): boolean {
  const containers = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ];
  return containers.some(({ ready, state, lastState }) => {
    const ended = state?.terminated ?? lastState?.terminated;
    return !ready && ended?.exitCode === OTHER_CODE_EXIT;
  });
}
