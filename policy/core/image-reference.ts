// The parts of a container image's name (distribution/reference).

export interface ImageReference {
  /** `docker.io` where the name has none. */
  readonly registry: string;
  /** Registry and path, without tag and digest. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:<hex>` */
  readonly digest: string | undefined;
}

export function parseImage(image: string): ImageReference {
  const [name = "", digest] = image.split("@");
  const slash = name.lastIndexOf("/");
  const colon = name.lastIndexOf(":");
  const hasTag = colon > slash;
  const path = hasTag ? name.slice(0, colon) : name;
  const [first = ""] = path.split("/");
  const hasRegistry = path.includes("/") && (/[.:]/.test(first) || first === "localhost");
  return {
    registry: (hasRegistry ? first : "docker.io").toLowerCase(),
    repository: hasRegistry ? path : `docker.io/${path.includes("/") ? path : `library/${path}`}`,
    tag: hasTag ? name.slice(colon + 1) : undefined,
    digest,
  };
}
