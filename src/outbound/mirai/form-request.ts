// A multipart request over http with the session of the socket.
import { BridgeError } from '../../core/error.ts'
import { parseJson } from '../../core/json.ts'
import { toObject, type WireObject } from '../../core/read.ts'
import type { Account, Ask } from './account.ts'
import { httpAddress } from './options.ts'

/** The session stands in the form too: on a port without the http adapter mah does not read the header. */
export function startForm({ session }: Account): FormData {
  const form = new FormData()
  form.append('sessionKey', session.key ?? '')
  return form
}

/** Throws what fetch throws, `backend` for an answer that is none. */
export async function postForm(ask: Ask, path: string, form: FormData): Promise<WireObject> {
  const { account, deadline } = ask
  const address = httpAddress(account.options)
  if (address === undefined) throw new BridgeError('notSupported', 'uploads need the address of the http adapter')
  const response = await fetch(address + path, {
    method: 'POST',
    body: form,
    headers: { sessionKey: account.session.key ?? '' },
    redirect: 'error',
    signal: AbortSignal.timeout(Math.max(1, Math.floor(deadline - performance.now()))),
  })
  const text = await readText(response, account.options.answerBytes)
  const wire = text === '' ? undefined : toObject(parseJson(text, account.services.jsonLimits))
  if (wire) return wire
  throw new BridgeError('backend', `${path}: HTTP ${response.status} without an answer`, { backend: account.backend })
}

async function readText({ body }: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    // Leaving the loop closes the connection.
    if (bytes > maxBytes)
      throw new BridgeError('backend', `the answer is longer than ${maxBytes} bytes`, { limit: 'answerBytes' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
