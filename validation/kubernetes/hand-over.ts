// The argument `handOverTo`: the stack that may take a component's objects over.
import { type ArgumentError } from "../../values/argument-error";
import { textLike } from "../../values/argument-rules";
import { UNKNOWN } from "../../values/unknown";

/** Pulumi's names of organizations, projects and stacks. */
const STACK = /^([\w.-]+\/)?[\w.-]+\/[\w.-]+$/;

const LEGAL = "<organization>/<project>/<stack> or <project>/<stack>, as a plain string";

/** A plain string: it decides whether the engine deletes the objects. */
export const handOverTo = textLike(LEGAL, STACK, { beside: mustBeKnown });

function mustBeKnown(path: string, value: unknown): ArgumentError[] {
  return value === UNKNOWN ? [{ path, reason: `must be ${LEGAL}: it is an Output` }] : [];
}
