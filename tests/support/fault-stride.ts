// How densely tests strike calls with faults: at every position, or at some of them.

/** Variable with the step from one position to the next (docs/azure.md); 1 strikes every call with every fault. */
export const STRIDE_VARIABLE = "AML_INFERENCE_FAULT_STRIDE";

/** The stride that the environment asks for, else the test's own. */
export function faultStride(own: number, env: NodeJS.ProcessEnv = process.env): number {
  const text = env[STRIDE_VARIABLE];
  if (text === undefined || text === "") return own;
  const stride = Number(text);
  if (Number.isInteger(stride) && stride >= 1) return stride;
  throw new Error(`${STRIDE_VARIABLE} must be a whole number of at least 1: it is "${text}"`);
}
