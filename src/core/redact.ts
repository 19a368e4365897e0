// Secrets out of texts that people read: logs and traces. Every expression is linear.

const shown = '***'

/** Members whose values let somebody in or act for an account. */
const member =
  /"([^"\\]{0,40}(?:token|secret|password|verifykey|sessionkey|authkey|signature|authorization|cookies?|rkey|p_?skey))"\s*:\s*(?:"(?:[^"\\]|\\.)*"?|-?[0-9][0-9.]*)/gi
/** mah's name for the key in its answers. */
const session = /"session"\s*:\s*"(?:[^"\\]|\\.)*"?/g
/** Addresses: what stands in their query may be a key. */
const address = /(?:https?|wss?):\/\/[^\s"'<>\\]+/gi
/** A query on its own, as in a request line. */
const parameter = /([?&][^=&\s"]{0,40}(?:token|secret|key|sign(?:ature)?|password)=)[^&\s"]*/gi
const bearer = /\b(Bearer|Token)\s+[A-Za-z0-9._~+/=-]{4,}/gi
const signed = /\b(sha1|sha256)=[0-9a-f]{40,}/gi

export function redact(text: string): string {
  return text
    .replaceAll(member, `"$1":"${shown}"`)
    .replaceAll(session, `"session":"${shown}"`)
    .replaceAll(address, hideQuery)
    .replaceAll(parameter, `$1${shown}`)
    .replaceAll(bearer, `$1 ${shown}`)
    .replaceAll(signed, `$1=${shown}`)
}

function hideQuery(url: string): string {
  const at = url.indexOf('?')
  return at < 0 ? url : `${url.slice(0, at)}?${shown}`
}

/** Also hides these very texts, wherever they stand. Short ones would hide half of everything. */
export function createRedact(secrets: readonly string[]): (text: string) => string {
  const known = [...new Set(secrets)].filter((secret) => secret.length >= 6)
  return (text) => known.reduce((left, secret) => left.replaceAll(secret, shown), redact(text))
}
