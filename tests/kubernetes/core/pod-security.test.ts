// What each level of the Pod Security Standards refuses, both sides of each line.
import assert from "node:assert/strict";
import { PodSecurity } from "../../../contracts/choices";
import { containerSecurity, findSecurityProblems } from "../../../kubernetes/core/pod-security";

const { Restricted, Baseline, Privileged } = PodSecurity;
const container = (fields: object) => ({ containers: [{ name: "m", ...fields }] });
const context = (securityContext: object) => container({ securityContext });
const M = "spec.containers[m]";

/** A pod's spec, what it asks for, and the strictest level that allows it. */
const ROWS: readonly (readonly [spec: object, path: string, level: PodSecurity])[] = [
  [context({ capabilities: { add: ["NET_BIND_SERVICE"] }, runAsUser: 1000 }), "", Restricted],
  [{ securityContext: { seccompProfile: { type: "Localhost" }, fsGroup: 0 } }, "", Restricted],
  [{ volumes: [{ name: "v", csi: {} }], hostNetwork: false }, "", Restricted],
  [container({ ports: [{ containerPort: 80, hostPort: 0 }] }), "", Restricted],
  [{ volumes: [{ name: "v", iscsi: {} }] }, "spec.volumes[v].iscsi", Baseline],
  [context({ runAsNonRoot: false }), `${M}.securityContext.runAsNonRoot`, Baseline],
  [context({ runAsUser: 0 }), `${M}.securityContext.runAsUser`, Baseline],
  [{ securityContext: { runAsUser: 0 } }, "spec.securityContext.runAsUser", Baseline],
  [
    context({ allowPrivilegeEscalation: true }),
    `${M}.securityContext.allowPrivilegeEscalation`,
    Baseline,
  ],
  [context({ capabilities: { add: ["KILL"] } }), `${M}.securityContext.capabilities.add`, Baseline],
  ...["NET_RAW", "SYS_ADMIN", "ALL", "IPC_LOCK"].map(
    (name) =>
      [
        context({ capabilities: { add: [name] } }),
        `${M}.securityContext.capabilities.add`,
        Privileged,
      ] as const,
  ),
  ...["hostNetwork", "hostPID", "hostIPC"].map(
    (name) => [{ [name]: true }, `spec.${name}`, Privileged] as const,
  ),
  [{ volumes: [{ name: "v", hostPath: {} }] }, "spec.volumes[v].hostPath", Privileged],
  [context({ privileged: true }), `${M}.securityContext.privileged`, Privileged],
  [context({ procMount: "Unmasked" }), `${M}.securityContext.procMount`, Privileged],
  [
    context({ seccompProfile: { type: "Unconfined" } }),
    `${M}.securityContext.seccompProfile.type`,
    Privileged,
  ],
  [
    { securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } },
    "spec.securityContext.sysctls[kernel.msgmax]",
    Privileged,
  ],
  [
    context({ seLinuxOptions: { type: "spc_t", level: "s0" } }),
    `${M}.securityContext.seLinuxOptions.type`,
    Privileged,
  ],
  [
    container({ ports: [{ containerPort: 80, hostPort: 80 }] }),
    `${M}.ports[80].hostPort`,
    Privileged,
  ],
  [
    container({ livenessProbe: { httpGet: { host: "198.18.0.1" } } }),
    `${M}.livenessProbe.httpGet.host`,
    Privileged,
  ],
  [
    { initContainers: [{ name: "i", securityContext: { privileged: true } }] },
    "spec.initContainers[i].securityContext.privileged",
    Privileged,
  ],
];

describe("findSecurityProblems()", () => {
  for (const [spec, path, strictest] of ROWS) {
    it(`allows ${JSON.stringify(spec)} from ${strictest} on`, () => {
      const found = (level: PodSecurity) =>
        findSecurityProblems({ spec }, level).map((each) => `${each.path} ${each.allowedBy}`);
      const levels = [Restricted, Baseline, Privileged];
      for (const level of levels) {
        const isAllowed = levels.indexOf(level) >= levels.indexOf(strictest);
        assert.deepEqual(found(level), isAllowed ? [] : [`${path} ${strictest}`], level);
      }
    });
  }

  it("finds nothing in what has no shape", () => {
    for (const spec of [undefined, null, "x", [], { containers: "x", volumes: [1] }]) {
      assert.deepEqual(findSecurityProblems({ spec }, Restricted), []);
    }
  });
});

describe("containerSecurity()", () => {
  it("keeps what the level drops, whatever is given", () => {
    const given = { capabilities: { drop: ["KILL"], add: ["CHOWN"] }, runAsUser: 5 };
    assert.deepEqual(containerSecurity(Restricted, { capabilities: { drop: [] } }), {
      ...{ allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    });
    assert.deepEqual(containerSecurity(Baseline, given), {
      ...{ allowPrivilegeEscalation: false, runAsUser: 5 },
      capabilities: { drop: ["NET_RAW", "KILL"], add: ["CHOWN"] },
    });
    assert.deepEqual(containerSecurity(Privileged, given), given);
  });

  it("is the same twice", () => {
    for (const level of Object.values(PodSecurity)) {
      const once = containerSecurity(level, { privileged: false });
      assert.deepEqual(containerSecurity(level, once), once);
    }
  });
});
