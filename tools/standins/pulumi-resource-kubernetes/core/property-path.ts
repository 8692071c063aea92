/** Pulumi's property paths: `spec.ports[0].name`, `data["a.b"]`, `*` for any step. */

/** One step: a member's name or a list's index. */
export type PathStep = string | number;

const stepPattern = /\[(\d+|\*)\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.[\]]+)/gy;

/** The steps of a path; undefined when it is malformed. */
export function parsePath(text: string): PathStep[] | undefined {
  const steps: PathStep[] = [];
  let end = 0;
  for (const match of text.matchAll(stepPattern)) {
    const [whole, index, quoted, plain] = match;
    if (index !== undefined) steps.push(index === "*" ? "*" : Number(index));
    else if (quoted !== undefined) steps.push(quoted.replaceAll(/\\(.)/g, "$1"));
    else if (plain !== undefined) steps.push(plain);
    end = match.index + whole.length;
  }
  return end === text.length && steps.length > 0 ? steps : undefined;
}

/** The text of a path, quoted where a name has a character with a meaning. */
export function formatPath(steps: readonly PathStep[]): string {
  let text = "";
  for (const step of steps) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/[."[\]]/.test(step)) text += `["${step.replaceAll('"', '\\"')}"]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

/** True when `path` is `prefix` or lies below it; `*` in the prefix stands for any step. */
export function startsWith(path: readonly PathStep[], prefix: readonly PathStep[]): boolean {
  return (
    prefix.length <= path.length && prefix.every((step, i) => step === "*" || step === path[i])
  );
}
