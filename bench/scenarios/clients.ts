// Clients for the length of one round.
import type { Client, Stage } from '../stage.ts'

export async function withClients<T>(
  stage: Stage,
  count: number,
  task: (clients: readonly Client[]) => Promise<T>,
): Promise<T> {
  const clients: Client[] = []
  try {
    // A few at a time: servers queue only so many that have not been accepted.
    while (clients.length < count) {
      const missing = Math.min(50, count - clients.length)
      clients.push(...(await Promise.all(Array.from({ length: missing }, () => stage.open()))))
    }
    return await task(clients)
  } finally {
    for (const { socket } of clients) socket.close()
  }
}
