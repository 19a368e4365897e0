// Waiting without sleeping blindly.

/** Asks again in each turn of the event loop until the answer is there. */
export async function until<T>(
  ask: () => T | undefined | false,
  what = 'the condition',
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const answer = ask()
    if (answer) return answer
    if (Date.now() > deadline) throw new Error(`${what} did not come true within ${timeoutMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
