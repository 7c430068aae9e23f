import ipaddr from 'ipaddr.js';

/** Every other IPv6 address is for use within a network, holds an IPv4 address, or is not given to anybody. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** Looks public, and is the machine that rents out ours: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16 */
const AZURE = '168.63.129.16';

/** Whether an address is anybody's on the internet, and no machine of our own network could answer at it. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address) || address === AZURE) return false;
  const ip = ipaddr.parse(address);
  return ip.range() === 'unicast' && (ip instanceof ipaddr.IPv4 || ip.match(GLOBAL_UNICAST));
}
