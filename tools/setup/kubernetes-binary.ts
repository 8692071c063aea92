// Puts Kubernetes' server programs on the machine, as one executable file.
import { join } from "node:path";
import { cacheDirectory, withProcessLock } from "../checkout";
import { buildFromModules } from "./from-modules";
import { unpackPrebuilt } from "./from-prebuilt";
import {
  installPart,
  pendingSources,
  setUpContext,
  type Part,
  type SetUpContext,
} from "./install-part";
import { versions } from "./versions";

/** Where to install and how to tell; each has the ordinary default. */
export interface KubernetesBinaryOptions extends Partial<SetUpContext> {
  /** Default: {@link cacheDirectory}. */
  readonly cache?: string;
}

/**
 * Makes sure of the multi-call binary: its first argument is kube-apiserver, kube-controller-manager,
 * kube-scheduler, kube-proxy or kubelet, the rest are that program's flags. Built from Go modules it takes
 * some minutes, once.
 * @returns the executable's absolute path
 * @throws Error with each source's reason when it cannot be had
 */
export async function ensureKubernetesBinary(
  options: KubernetesBinaryOptions = {},
): Promise<string> {
  const cache = options.cache ?? cacheDirectory();
  const context = setUpContext(options);
  const part = kubernetesPart(cache, context);
  if ((await pendingSources(part, context)).length === 0) return part.path;
  const wait = (pid: number) => {
    context.report(`Process ${String(pid)} is setting up Kubernetes; waiting for it.`);
  };
  await withProcessLock(join(cache, "kube.lock"), wait, () => installPart(part, context));
  return part.path;
}

/** The binary as a part of the set-up. */
function kubernetesPart(cache: string, context: SetUpContext): Part {
  const version = versions.kubernetes;
  const [major = "", minor = ""] = version.slice(1).split(".");
  const component = "k8s.io/component-base/version";
  const variables = {
    [`${component}.gitVersion`]: version,
    [`${component}.gitMajor`]: major,
    [`${component}.gitMinor`]: minor,
  };
  const { toolchain, report } = context;
  const title = "Kubernetes' server programs";
  return {
    title,
    version,
    path: join(cache, "kube", version, "kube"),
    install: new Map([
      ["prebuilt", (temporary: string) => unpackPrebuilt(toolchain, "kube", temporary)],
      [
        "modules",
        (temporary: string) =>
          buildFromModules(title, { folder: "kube", package: ".", variables }, temporary, report),
      ],
    ]),
  };
}
