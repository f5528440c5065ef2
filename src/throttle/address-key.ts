import ipaddr from 'ipaddr.js';

/** What every address that cannot be read counts as: together, so that nonsense opens no new budgets. */
const UNREADABLE = 'unreadable';

/**
 * What budgets count an address as: IPv4 itself (also when mapped into IPv6, RFC 4291 section 2.5.5.2), IPv6 by its
 * /64, the least that one customer is given (RFC 6177), written in full without leading zeros. Zone ids are dropped.
 */
export function addressKey(ip: string): string {
  const bare = ip.replace(/%.*$/s, '');
  if (!ipaddr.isValid(bare)) return UNREADABLE;
  const address = ipaddr.process(bare);
  if (address instanceof ipaddr.IPv6) {
    const network = address.parts.slice(0, 4).map((part) => part.toString(16));
    return `${network.join(':')}::/64`;
  }
  return address.toString();
}
