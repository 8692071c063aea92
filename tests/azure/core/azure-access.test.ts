// Where WorkspaceCompute calls, and as whom, by cloud and settings.
import assert from "node:assert/strict";
import { accessFor, CLOUD_NAMES, type CloudName } from "../../../azure/core/azure-access";

const settings = (variables: Record<string, string>, config: Record<string, string> = {}) => ({
  variable: (name: string) => variables[name],
  config: (key: string) => config[key],
});

describe("accessFor()", () => {
  const table: Record<CloudName, readonly [string, string]> = {
    public: ["https://management.azure.com", "https://login.microsoftonline.com"],
    usgovernment: ["https://management.usgovcloudapi.net", "https://login.microsoftonline.us"],
    china: ["https://management.chinacloudapi.cn", "https://login.chinacloudapi.cn"],
  };

  for (const cloud of CLOUD_NAMES) {
    it(`has the endpoint, the authority and the scope of ${cloud}`, () => {
      const [endpoint, authority] = table[cloud];
      assert.deepEqual(accessFor(cloud, settings({})), {
        endpoint,
        authority,
        scope: `${endpoint}/.default`,
        isOwnAuthority: false,
      });
    });
  }

  it("goes to an endpoint of one's own, and to an authority of one's own", () => {
    const own = { AML_INFERENCE_AZURE_ENDPOINT: "https://arm.local.example/" };
    assert.deepEqual(accessFor("china", settings(own)), {
      endpoint: "https://arm.local.example",
      authority: "https://arm.local.example",
      scope: "https://arm.local.example/.default",
      isOwnAuthority: true,
    });
    const authority = "https://login.local.example";
    const both = { ...own, AZURE_AUTHORITY_HOST: authority };
    assert.equal(accessFor("public", settings(both)).authority, authority);
  });

  it("signs in where a cloud does when the endpoint is that cloud's", () => {
    const own = { AML_INFERENCE_AZURE_ENDPOINT: "https://management.usgovcloudapi.net/" };
    const expected = accessFor("usgovernment", settings({}));
    assert.deepEqual(accessFor("public", settings(own)), expected);
  });

  it("signs in with azure-native's client secret when it is whole, configuration before variables", () => {
    const variables = { ARM_TENANT_ID: "t", ARM_CLIENT_ID: "c", ARM_CLIENT_SECRET: "s" };
    const { client } = accessFor("public", settings(variables));
    assert.deepEqual(client, { tenantId: "t", clientId: "c", clientSecret: "s" });
    const config = { "azure-native:clientSecret": "configured" };
    assert.equal(
      accessFor("public", settings(variables, config)).client?.clientSecret,
      "configured",
    );
    const partly = { ARM_TENANT_ID: "t", ARM_CLIENT_ID: "c" };
    assert.equal(accessFor("public", settings(partly)).client, undefined);
  });
});
