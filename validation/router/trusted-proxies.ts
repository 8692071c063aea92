// Networks whose proxies a router believes.
import { parseIpRange } from "../../azure/core/ip-range";
import { textLike } from "../../values/argument-rules";
import { list } from "../../values/object-rules";

/** IPv4, as the router's own address is. */
export const trustedProxies = list(
  textLike("a range like 10.240.0.0/16", (cidr) => parseIpRange(cidr) !== undefined, {}),
);
