// What is being waited for, told on the error output once it takes longer than a second.
const firstMs = 1000
const againMs = 5000

/** `what` is asked each time: it may change. On a terminal one line is redrawn, elsewhere there is one line each five seconds. */
export async function withProgress<T>(what: () => string, task: Promise<T>): Promise<T> {
  const { stderr } = process
  const began = Date.now()
  const tell = (): void => {
    const line = `${what()} (${Math.round((Date.now() - began) / 1000)} s)`
    stderr.write(stderr.isTTY ? `\r\u001b[K${line.slice(0, Math.max(20, stderr.columns - 1))}` : `${line}\n`)
  }
  let timer = setTimeout(() => {
    tell()
    timer = setInterval(tell, stderr.isTTY ? firstMs : againMs)
  }, firstMs)
  try {
    return await task
  } finally {
    clearTimeout(timer)
    if (stderr.isTTY && Date.now() - began >= firstMs) stderr.write('\r\u001b[K')
  }
}
