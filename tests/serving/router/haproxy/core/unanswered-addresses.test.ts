import assert from "node:assert/strict";
import { unansweredAddresses } from "../../../../../serving/router/haproxy/core/unanswered-addresses";

const connection = (remote: string, state: string, timer: string, retransmissions: string) =>
  `   1: 0100007F:1F90 ${remote} ${state} 00000010:00000000 ${timer} ${retransmissions}     0        0 4613964 2 0 100 0 0 10 0`;
const table = (...lines: string[]) =>
  ["  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt", ...lines].join(
    "\n",
  );

describe("unansweredAddresses()", () => {
  it("names the far end of a connection whose data was sent seven times", () => {
    const lines = [
      connection("0200120A:1389", "01", "01:00000A21", "00000007"),
      connection("0300120A:1389", "01", "01:00000A21", "00000006"),
      connection("0400120A:1389", "08", "01:00000A21", "0000000A"),
    ];
    assert.deepEqual(
      [...unansweredAddresses(table(...lines))],
      ["10.18.0.2:5001", "10.18.0.4:5001"],
    );
  });

  it("leaves out a host that acknowledges and doesn't read, one that isn't connected, and idle ones", () => {
    const lines = [
      connection("0200120A:1389", "01", "04:00000A21", "00000009"),
      connection("0300120A:1389", "02", "01:00000A21", "00000009"),
      connection("0400120A:1389", "01", "02:00000A21", "00000000"),
      connection("0500120A:1389", "01", "00:00000000", "00000000"),
    ];
    assert.equal(unansweredAddresses(table(...lines)).size, 0);
  });
});
