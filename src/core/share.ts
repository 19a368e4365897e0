// What several inbounds make of one and the same event, made once: the first that needs it makes it for the others.

/** Lives as long as the event is handed out. Keys name the dialect and what else makes a difference. */
export type Share = Map<string, unknown>

/** Without a share: made for oneself. One key stands for values of one type. */
export function sharedIn<T>(share: Share | undefined, key: string, make: () => T): T {
  if (!share) return make()
  if (!share.has(key)) share.set(key, make())
  return share.get(key) as T
}
