// The yardstick: a WebSocket relay that copies frames both ways and looks into none.
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { reportUsage } from './subject.ts'

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })

server.on('connection', (near) => {
  const far = new WebSocket(process.argv[2] as string, { perMessageDeflate: false })
  const early: Buffer[] = []
  near.on('message', (data: Buffer) =>
    far.readyState === WebSocket.OPEN ? far.send(data, { binary: false }) : early.push(data),
  )
  far.on('open', () => early.forEach((data) => far.send(data, { binary: false })))
  far.on('message', (data: Buffer) => near.send(data, { binary: false }))
  near.on('close', () => far.close())
  far.on('close', () => near.close())
})

server.on('listening', () => process.send?.({ port: (server.address() as AddressInfo).port }))
reportUsage()
