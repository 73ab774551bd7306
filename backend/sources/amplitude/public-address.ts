import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const closed = new BlockList();
const ranges: [string, number][] = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24],
  ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
];
for (const [network, bits] of ranges) closed.addSubnet(network, bits, 'ipv4');
/** Besides private ranges those that carry an IPv4 address inside: 64:ff9b::/96, 2002::/16, 2001::/32. */
const ranges6: [string, number][] = [['::', 96], ['fc00::', 7], ['fe80::', 10], ['fec0::', 10], ['ff00::', 8], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['2001::', 32], ['2001:db8::', 32], ['2002::', 16], ['100::', 64]];
for (const [network, bits] of ranges6) closed.addSubnet(network, bits, 'ipv6');

/** Whether an IP address belongs to the open internet and not to this machine or a company's network. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isPublicAddress(mapped);
  if (version === 6 && /^::ffff:/i.test(address)) return false;
  return !closed.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** Whether a host of an address is one that may be called: a public IP, or a name, whose addresses `publicLookup` checks. */
export function isCallableHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) return isPublicAddress(bare);
  return !/^(localhost|.*\.localhost|.*\.local|.*\.internal)\.?$/i.test(bare);
}

export function isLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || /^127\.\d+\.\d+\.\d+$/.test(bare);
}

/** Looks a name up and refuses it when any of its addresses is private: the check is made on what is then connected to. */
export const publicLookup: LookupFunction = (hostname, options: LookupOptions, callback) => {
  systemLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error !== null) return callback(error, '', 0);
    const [first] = addresses;
    if (first === undefined || addresses.some(({ address }) => !isPublicAddress(address))) {
      return callback(Object.assign(new Error('the name leads to a private address'), { code: 'EPRIVATE' }), '', 0);
    }
    return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};
