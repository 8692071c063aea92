/** The four kinds of resources: what they take, and how each is made. */
import type { PropertyMap } from "../property-value";
import {
  type AlternativeNames,
  type CertificateSpec,
  type IssuedCertificate,
  createRequest,
  issueForRequest,
  issueSelfSigned,
} from "./certificate";
import {
  algorithmOf,
  generateKey,
  idOfBytes,
  type KeyAlgorithm,
  keyOutputs,
  parsePrivateKey,
  publicKeyBytes,
} from "./key-pair";
import { subjectName } from "./subject-name";

/** One kind of resource. */
export interface ResourceKind {
  /** Inputs whose change makes the resource anew. */
  readonly replacing: readonly string[];
  /** Inputs that can change in place. */
  readonly updating: readonly string[];
  /** What absent inputs count as. */
  readonly defaults: PropertyMap;
  /** Outputs that only the making tells. */
  readonly computed: readonly string[];
  /** A replacement's preview lists the computed outputs among what differs, as the vendor's does. */
  readonly listsComputed: boolean;
  /** Makes it from plain inputs, defaults included. Errors are sentences that name the property. */
  make(inputs: PropertyMap, now: Date): Promise<{ id: string; outputs: PropertyMap }>;
}

const keyComputed = [
  ...["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8", "publicKeyFingerprintMd5"],
  ...["publicKeyFingerprintSha256", "publicKeyOpenssh", "publicKeyPem"],
];
const certificateComputed = ["certPem", "readyForRenewal", "validityEndTime", "validityStartTime"];
const nameInputs = ["dnsNames", "ipAddresses", "privateKeyPem", "subject", "uris"];
const certificateInputs = [
  ...["allowedUses", "isCaCertificate", "maxPathLength", "setSubjectKeyId", "validityPeriodHours"],
];
const certificateDefaults = {
  earlyRenewalHours: 0,
  isCaCertificate: false,
  setSubjectKeyId: false,
};

/** The kinds by their type tokens. */
export const resourceKinds: Readonly<Record<string, ResourceKind>> = {
  "tls:index/privateKey:PrivateKey": {
    replacing: ["algorithm", "ecdsaCurve", "rsaBits"],
    updating: [],
    defaults: { ecdsaCurve: "P224", rsaBits: 2048 },
    computed: keyComputed,
    listsComputed: true,
    async make(inputs) {
      const key = await generateKey({
        // The check has refused every other word.
        algorithm: stringAt(inputs, "algorithm") as KeyAlgorithm,
        rsaBits: numberAt(inputs, "rsaBits"),
        ecdsaCurve: stringAt(inputs, "ecdsaCurve"),
      });
      return { id: idOfBytes(publicKeyBytes(key)), outputs: keyOutputs(key) };
    },
  },
  "tls:index/certRequest:CertRequest": {
    replacing: nameInputs,
    updating: [],
    defaults: {},
    computed: ["certRequestPem", "keyAlgorithm"],
    listsComputed: false,
    async make(inputs) {
      const key = parsePrivateKey(stringAt(inputs, "privateKeyPem"), "privateKeyPem");
      const { pem, bytes } = await createRequest(
        key,
        subjectName(inputs["subject"]),
        namesOf(inputs),
      );
      return {
        id: idOfBytes(bytes),
        outputs: { certRequestPem: pem, keyAlgorithm: algorithmOf(key) },
      };
    },
  },
  "tls:index/selfSignedCert:SelfSignedCert": {
    replacing: [...nameInputs, ...certificateInputs, "setAuthorityKeyId"],
    updating: ["earlyRenewalHours"],
    defaults: { ...certificateDefaults, setAuthorityKeyId: false },
    computed: [...certificateComputed, "keyAlgorithm"],
    listsComputed: false,
    async make(inputs, now) {
      const key = parsePrivateKey(stringAt(inputs, "privateKeyPem"), "privateKeyPem");
      const subject = subjectName(inputs["subject"]);
      const spec = certificateSpecOf(inputs);
      const issued = await issueSelfSigned(key, subject, namesOf(inputs), spec, now);
      return certificate(issued, { keyAlgorithm: algorithmOf(key) });
    },
  },
  "tls:index/locallySignedCert:LocallySignedCert": {
    replacing: ["caCertPem", "caPrivateKeyPem", "certRequestPem", ...certificateInputs],
    updating: ["earlyRenewalHours"],
    defaults: certificateDefaults,
    computed: [...certificateComputed, "caKeyAlgorithm"],
    listsComputed: false,
    async make(inputs, now) {
      const caKey = parsePrivateKey(stringAt(inputs, "caPrivateKeyPem"), "caPrivateKeyPem");
      const issued = await issueForRequest(
        stringAt(inputs, "certRequestPem"),
        stringAt(inputs, "caCertPem"),
        caKey,
        certificateSpecOf(inputs),
        now,
      );
      return certificate(issued, { caKeyAlgorithm: algorithmOf(caKey) });
    },
  },
};

/** Members that are secret in every state. */
export const secretMembers: ReadonlySet<string> = new Set([
  ...["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8", "caPrivateKeyPem"],
]);

const hourMs = 3_600_000;

/** True once a certificate is within its early renewal hours, or over. */
export function isReadyForRenewal(
  state: PropertyMap,
  earlyRenewalHours: unknown,
  now: Date,
): boolean {
  const end = Date.parse(stringAt(state, "validityEndTime"));
  const early = typeof earlyRenewalHours === "number" ? earlyRenewalHours : 0;
  return !Number.isNaN(end) && now.getTime() >= end - early * hourMs;
}

function certificate(
  issued: IssuedCertificate,
  more: PropertyMap,
): { id: string; outputs: PropertyMap } {
  const outputs = {
    ...more,
    certPem: issued.pem,
    readyForRenewal: false,
    validityStartTime: issued.notBefore.toISOString(),
    validityEndTime: issued.notAfter.toISOString(),
  };
  return { id: issued.serialNumber, outputs };
}

function certificateSpecOf(inputs: PropertyMap): CertificateSpec {
  const { maxPathLength } = inputs;
  return {
    allowedUses: stringsAt(inputs, "allowedUses"),
    isCa: inputs["isCaCertificate"] === true,
    maxPathLength: typeof maxPathLength === "number" ? maxPathLength : undefined,
    validityHours: numberAt(inputs, "validityPeriodHours"),
    setSubjectKeyId: inputs["setSubjectKeyId"] === true,
    setAuthorityKeyId: inputs["setAuthorityKeyId"] === true,
  };
}

function namesOf(inputs: PropertyMap): AlternativeNames {
  return {
    dnsNames: stringsAt(inputs, "dnsNames"),
    ipAddresses: stringsAt(inputs, "ipAddresses"),
    uris: stringsAt(inputs, "uris"),
  };
}

function stringAt(inputs: PropertyMap, key: string): string {
  const value = inputs[key];
  return typeof value === "string" ? value : "";
}

function numberAt(inputs: PropertyMap, key: string): number {
  const value = inputs[key];
  return typeof value === "number" ? value : 0;
}

function stringsAt(inputs: PropertyMap, key: string): string[] {
  const value = inputs[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
