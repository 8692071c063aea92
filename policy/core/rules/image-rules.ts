// Policies on container images: of models, and of the router's and autoscaler's own pods.
import {
  AUTOSCALER_PODS,
  containersOf,
  type DeclaredResource,
  ENDPOINT,
  isModelDeployment,
  isType,
  ROUTER_PODS,
  versionsOf,
} from "../declared";
import { Input } from "../input";
import { type ImageReference, parseImage } from "../image-reference";
import { amount, flag, type Judgement, mapping, resourceRule, text, texts } from "../rule";
import { listed, shown } from "../sentences";
import { isRecord } from "../../../values/is-record";

const SUBJECT = "images of the versions' Deployments, of RouterDeployment and AutoscalerDeployment";
const ROUTER_IMAGES: Readonly<Record<string, string>> = {
  haproxyImage: "images.haproxy",
  agentImage: "images.node",
  image: "images.node",
};

/** An endpoint declares no Deployments in a preview that doesn't know its versions. */
const hasImages = (resource: DeclaredResource): boolean =>
  isModelDeployment(resource) || isType(ROUTER_PODS, AUTOSCALER_PODS, ENDPOINT)(resource);

/** Their paths are those of a program's arguments. @throws Unread where an endpoint's versions come later */
function imagesOf(resource: DeclaredResource): readonly Input[] {
  if (isType(ENDPOINT)(resource)) {
    versionsOf(resource);
    return [];
  }
  if (isModelDeployment(resource)) {
    return containersOf(resource).map((container) => container.at("image"));
  }
  return Object.entries(ROUTER_IMAGES).map(
    ([name, path]) => new Input(resource.inputs.at(name).raw, path),
  );
}

/** One question for each image that is given. */
function* eachImage(
  resource: DeclaredResource,
  judge: (image: string, parsed: ImageReference, path: string) => string | undefined,
): Iterable<Judgement> {
  for (const input of imagesOf(resource)) {
    yield () => {
      const image = input.text;
      return image === undefined ? undefined : judge(image, parseImage(image), input.path);
    };
  }
}

export const allowedRegistries = resourceRule<{ registries: readonly string[] }>({
  title: "Allowed registries",
  description: "Images come from registries, or repositories in them, that are allowed.",
  subject: SUBJECT,
  severity: "high",
  control: { id: "AM-2", title: "Use only approved services" },
  remediation:
    "Push the image to an allowed registry; the router's own: images of AmlInferenceRouter.",
  settings: {
    registries: texts(
      "Registries, or registry and path, e.g. `contoso.azurecr.io/models`; empty: all.",
      [],
    ),
  },
  applies: hasImages,
  judge: (resource, { registries }) =>
    registries.length === 0
      ? []
      : eachImage(resource, (image, { registry, repository }, path) => {
          const isAllowed = registries
            .map((each) => each.toLowerCase().replace(/\/+$/, ""))
            .some(
              (each) =>
                registry === each ||
                repository.toLowerCase().startsWith(`${each}/`) ||
                repository.toLowerCase() === each,
            );
          if (isAllowed) return undefined;
          return `${path} must come from ${listed(registries)}: it is ${shown(image)}, of ${registry}`;
        }),
});

export const immutableImages = resourceRule<{
  requireDigest: boolean;
  mutableTags: readonly string[];
}>({
  title: "Immutable images",
  description: "Images are named by digest, or by a tag that isn't moved.",
  subject: SUBJECT,
  severity: "high",
  control: { id: "DS-6", title: "Enforce security of workload throughout DevOps lifecycle" },
  remediation:
    "Name the image by digest, `<repository>@sha256:<digest>`, or by a tag of one build.",
  settings: {
    requireDigest: flag("True: tags don't suffice.", false),
    mutableTags: texts("Tags that are moved from build to build.", [
      ...["latest", "stable", "edge", "nightly", "main", "master", "dev", "test", "prod"],
    ]),
  },
  applies: hasImages,
  judge: (resource, { requireDigest, mutableTags }) =>
    eachImage(resource, (image, { digest, tag }, path) => {
      if (digest !== undefined) {
        if (/^sha256:[0-9a-f]{64}$/.test(digest)) return undefined;
        return `${path} must have a digest of 64 hexadecimal digits: it is ${shown(image)}`;
      }
      if (requireDigest) return `${path} must have a digest (@sha256:…): it is ${shown(image)}`;
      const found = tag ?? "latest";
      if (!mutableTags.includes(found)) return undefined;
      return `${path} must have a digest, or a tag other than ${listed(mutableTags)}: it is ${shown(image)}`;
    }),
});

const LEVELS = ["low", "medium", "high", "critical"] as const;

export const imageFindings = resourceRule<{
  findings: Readonly<Record<string, unknown>>;
  findingsFile: string;
  blockFrom: string;
  mostAllowed: number;
  requireScan: boolean;
}>({
  title: "Scanned images",
  description:
    'A scanner found nothing in an image that is severe. The findings are given: a policy calls no scanner. They are counts by severity, by digest or by the image\'s whole name: `{ "sha256:…": { "critical": 0, "high": 2 } }`.',
  subject: SUBJECT,
  severity: "high",
  control: { id: "PV-5", title: "Perform vulnerability assessments" },
  remediation: "Rebuild the image on patched packages, scan it, and give the new findings.",
  settings: {
    findings: mapping<Readonly<Record<string, unknown>>>("The findings.", {}),
    findingsFile: text(
      "A JSON file with more of them, from the pack's folder on; empty: none.",
      "",
    ),
    blockFrom: {
      description: "The least severity that counts.",
      schema: { type: "string", enum: LEVELS },
      default: "critical",
    },
    mostAllowed: amount("Findings that may be left.", 0),
    requireScan: flag(
      "True: an image without findings, not even counts of 0, is a violation.",
      false,
    ),
  },
  applies: hasImages,
  judge(resource, config, { readJson }) {
    const { findingsFile, requireScan, blockFrom, mostAllowed } = config;
    const fromFile = findingsFile === "" ? {} : readJson(findingsFile);
    const findings = { ...(isRecord(fromFile) ? fromFile : {}), ...config.findings };
    if (Object.keys(findings).length === 0 && !requireScan) return [];
    const counted = LEVELS.slice(
      Math.max(
        0,
        LEVELS.findIndex((level) => level === blockFrom),
      ),
    );
    return eachImage(resource, (image, { digest }, path) => {
      const key = [digest, image].find(
        (each) => each !== undefined && Object.hasOwn(findings, each),
      );
      const counts = key === undefined ? undefined : findings[key];
      if (!isRecord(counts)) {
        return requireScan
          ? `${path} must have been scanned: there are no findings of ${shown(image)}`
          : undefined;
      }
      const found = counted.reduce((sum, level) => sum + (Number(counts[level]) || 0), 0);
      if (found <= mostAllowed) return undefined;
      return `${path} must have at most ${mostAllowed} findings of severity ${listed(counted)}: ${shown(image)} has ${found}`;
    });
  },
});
