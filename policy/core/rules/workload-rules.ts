// Policies on what a version's replicas may take and know: the Deployments of AmlModelEndpoint.
import { GPU_RESOURCE } from "../../../kubernetes/core/gpus";
import { quantityBytes } from "../../../values/quantities";
import {
  containersOf,
  type DeclaredResource,
  ENDPOINT,
  isModelDeployment,
  isType,
  versionPath,
  versionsOf,
} from "../declared";
import { type Input } from "../input";
import { amount, flag, resourceRule, texts } from "../rule";
import { rounded } from "../sentences";

/** An endpoint declares no Deployments in a preview that doesn't know its versions. */
const hasPods = (resource: DeclaredResource): boolean =>
  isModelDeployment(resource) || isType(ENDPOINT)(resource);

/** @throws Unread where an endpoint's versions come later */
function containersIn(resource: DeclaredResource): readonly Input[] {
  if (isModelDeployment(resource)) return containersOf(resource);
  versionsOf(resource);
  return [];
}

/** Kubernetes writes quantities as texts; programs may write numbers. */
export function quantity(input: Input): number | undefined {
  const text = input.text ?? input.number?.toString();
  return text === undefined ? undefined : quantityBytes(text);
}

interface Bounds {
  requireMemoryLimit: boolean;
  requireCpuLimit: boolean;
  maxCpuCores: number;
  maxMemoryGb: number;
  maxGpuCores: number;
}

const RESOURCES = [
  { resource: "cpu", argument: "cpuCores", unit: "cores", size: 1 },
  { resource: "memory", argument: "memoryGb", unit: "GB", size: 1e9 },
] as const;

export const resourceLimits = resourceRule<Bounds>({
  title: "Requests and limits",
  description: "Each replica requests CPU and memory, has limits, and neither is above a bound.",
  subject: "the Deployments of an AmlModelEndpoint",
  severity: "medium",
  remediation: "Set cpuCores, memoryGb, cpuCoresLimit and memoryGbLimit of the version.",
  settings: {
    requireMemoryLimit: flag("True: memoryGbLimit is required.", true),
    requireCpuLimit: flag("True: cpuCoresLimit is required.", false),
    maxCpuCores: amount("Cores of one replica at most.", 16),
    maxMemoryGb: amount("Gigabytes of one replica at most.", 64),
    maxGpuCores: amount("GPUs of one replica at most.", 4),
  },
  applies: hasPods,
  *judge(resource, bounds) {
    const most = { cpu: bounds.maxCpuCores, memory: bounds.maxMemoryGb };
    const isRequired = { cpu: bounds.requireCpuLimit, memory: bounds.requireMemoryLimit };
    for (const container of containersIn(resource)) {
      const of = versionPath(resource);
      const resources = container.at("resources");
      for (const { resource: name, argument, unit, size } of RESOURCES) {
        yield () =>
          quantity(resources.at("requests", name)) === undefined &&
          quantity(resources.at("limits", name)) === undefined
            ? `${of}.${argument} is required: no ${name} is requested`
            : undefined;
        yield () =>
          isRequired[name] && quantity(resources.at("limits", name)) === undefined
            ? `${of}.${argument}Limit is required: ${name} has no limit`
            : undefined;
        for (const [kind, path] of [
          ["requests", `${of}.${argument}`],
          ["limits", `${of}.${argument}Limit`],
        ] as const) {
          yield () => {
            const found = (quantity(resources.at(kind, name)) ?? 0) / size;
            if (found <= most[name]) return undefined;
            return `${path} must be at most ${most[name]} ${unit}: it is ${rounded(found)}`;
          };
        }
      }
      yield () => {
        const gpus = quantity(resources.at("limits", GPU_RESOURCE)) ?? 0;
        if (gpus <= bounds.maxGpuCores) return undefined;
        return `${of}.gpuCores must be at most ${bounds.maxGpuCores}: it is ${rounded(gpus)}`;
      };
    }
  },
});

/** Forms that only credentials have. */
const CREDENTIAL =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd|InstrumentationKey)=|[?&]sig=[^&\s]{16,}|^eyJ[\w-]{10,}\.[\w-]+\.[\w-]+$|^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s@]+@/i;

export const secretVariables = resourceRule<{
  secretNames: readonly string[];
  allowed: readonly string[];
}>({
  title: "No secrets in plain variables",
  description:
    "Environment variables that look like credentials, by name or by value, come from a Secret. A policy can't see which values are Pulumi secrets; in an AmlModelEndpoint those are in a Secret already.",
  subject: "the Deployments of an AmlModelEndpoint",
  severity: "critical",
  control: { id: "IM-8", title: "Restrict the exposure of credential and secrets" },
  remediation:
    "Make the value a Pulumi secret (`config.requireSecret`, `pulumi.secret`): the endpoint then puts it into a Secret.",
  settings: {
    secretNames: texts("Parts of names, between underscores, that tell a credential.", [
      ...["PASSWORD", "PASSWD", "PWD", "SECRET", "TOKEN", "APIKEY", "API_KEY", "ACCESS_KEY"],
      ...["PRIVATE_KEY", "ACCOUNT_KEY", "CONNECTION_STRING", "CONNECTIONSTRING", "CREDENTIAL"],
      ...["CREDENTIALS", "SAS"],
    ]),
    allowed: texts("Variables that only look like it.", []),
  },
  applies: hasPods,
  *judge(resource, { secretNames, allowed }) {
    for (const container of containersIn(resource)) {
      for (const variable of container.at("env").items) {
        yield () => {
          const name = variable.at("name").text ?? "";
          if (allowed.includes(name) || !variable.at("valueFrom").isAbsent) return undefined;
          const looksSecret = secretNames.some((part) => isPartOf(part, name));
          const { text } = variable.at("value");
          if (text === undefined || text === "") return undefined;
          if (!looksSecret && !CREDENTIAL.test(text)) return undefined;
          const why = looksSecret ? "its name tells a credential" : "its value looks like one";
          return `${versionPath(resource)}.environmentVariables.${name} must be a Pulumi secret: it is plain, and ${why}`;
        };
      }
    }
  },
});

/** Whether a name has the part as whole words: `TOKEN` is in `HF_TOKEN`, not in `TOKENIZER`. */
function isPartOf(part: string, name: string): boolean {
  const words = (text: string) =>
    `_${text.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/[^A-Za-z0-9]+/g, "_")}_`.toUpperCase();
  return words(name).includes(words(part));
}
