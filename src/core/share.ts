// What several inbounds make of one and the same event, made once: the first that needs it makes it for the others.

/** Lives as long as the event is handed out. Keys name the dialect and what else makes a difference. */
export interface Share {
  /** undefined: nobody has made anything, as when nobody is connected. */
  made: Map<string, unknown> | undefined
}

export function createShare(): Share {
  return { made: undefined }
}

/** Without a share: made for oneself. One key stands for values of one type. */
export function sharedIn<T>(share: Share | undefined, key: string, make: () => T): T {
  if (!share) return make()
  share.made ??= new Map()
  if (!share.made.has(key)) share.made.set(key, make())
  return share.made.get(key) as T
}
