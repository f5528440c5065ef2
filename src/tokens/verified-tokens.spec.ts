import type { KeyRing } from './key-ring.js';
import { VerifiedTokens } from './verified-tokens.js';

describe('VerifiedTokens', () => {
  it('remembers the payload of a token, and of no other text', () => {
    const verified = new VerifiedTokens({ generation: 0 } as KeyRing);
    verified.remember('a.b.c', { sid: '1' });
    expect(verified.payloadOf('a.b.c')).toEqual({ sid: '1' });
    expect(verified.payloadOf('a.b.C')).toBeUndefined();
    expect(verified.payloadOf('a.b.c ')).toBeUndefined();
  });

  it('forgets everything when the keys were read again', () => {
    const keys = { generation: 0 };
    const verified = new VerifiedTokens(keys as KeyRing);
    verified.remember('a.b.c', {});
    keys.generation += 1;
    expect(verified.payloadOf('a.b.c')).toBeUndefined();
  });

  it('holds at most 4,096, and lets the oldest go first', () => {
    const verified = new VerifiedTokens({ generation: 0 } as KeyRing);
    for (let i = 0; i <= 4_096; i += 1) verified.remember(`${i}`, { i });
    expect(verified.payloadOf('0')).toBeUndefined();
    expect(verified.payloadOf('1')).toEqual({ i: 1 });
    expect(verified.payloadOf('4096')).toEqual({ i: 4_096 });
  });
});
