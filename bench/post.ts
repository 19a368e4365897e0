// A POST with as little of a client as Node allows.
import { request, type Agent } from 'node:http'

export interface Posting {
  port: number
  path: string
  body: string
  agent: Agent
}

export function postJson({ port, path, body, agent }: Posting): Promise<unknown> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))))
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
