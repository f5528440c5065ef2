import { isIP } from 'node:net';
import { SettingsError } from './settings-error.js';

const PROBLEM =
  'must be false, a number of hops, or a comma-separated list of addresses and CIDRs; true is refused.';
const MAX_HOPS = 32;

/** `true` would believe whatever a client writes into X-Forwarded-For, so it is not among the choices. */
export function parseTrustProxy(text: string | undefined): false | number | readonly string[] {
  if (text === undefined || text === 'false') return false;
  if (/^\d{1,3}$/.test(text)) {
    const hops = Number(text);
    if (hops > MAX_HOPS) throw new SettingsError('TRUST_PROXY', PROBLEM);
    return hops === 0 ? false : hops;
  }
  const ranges = text.split(',').map((each) => each.trim());
  if (!ranges.every(isAddressRange)) throw new SettingsError('TRUST_PROXY', PROBLEM);
  return Object.freeze(ranges);
}

function isAddressRange(range: string): boolean {
  const [address = '', bits, ...rest] = range.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return (
    bits === undefined ||
    (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128))
  );
}
