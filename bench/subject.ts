// What every measured process tells the runner when it is asked: CPU time in microseconds and memory in bytes.
export interface Usage {
  cpuMicros: number
  rssBytes: number
}

export function reportUsage(): void {
  process.on('message', (order: { usage?: true }) => {
    if (!order.usage) return
    const { user, system } = process.cpuUsage()
    process.send?.({ usage: { cpuMicros: user + system, rssBytes: process.memoryUsage.rss() } satisfies Usage })
  })
}
