// Comparing secrets without telling how near a guess was, and telling weak ones from strong ones.
import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

function digest(text: string): Buffer {
  // As text it takes a third of the time.
  return Buffer.from(hash('sha256', text, 'hex'), 'latin1')
}

/** A test for one configured secret. Every miss takes the same time. */
export function createSecretCheck(secret: string): (given: string | undefined) => boolean {
  const expected = digest(secret)
  return (given) => given !== undefined && timingSafeEqual(digest(given), expected)
}

/** 32 characters of [A-Za-z0-9_-]. */
export function createSecret(): string {
  return randomBytes(24).toString('base64url')
}

const known = new Set([
  '1234567890',
  '12345678',
  '123456',
  'napcat',
  'token',
  'password',
  'INITKEY',
  'verifyKey',
  'admin',
])

/** Why this secret must not guard a public address, undefined when it may. */
export function weaknessOf(secret: string): string | undefined {
  if (secret === '') return 'is empty'
  if (known.has(secret)) return 'is a well-known one'
  return secret.length < 8 ? 'is shorter than 8 characters' : undefined
}
