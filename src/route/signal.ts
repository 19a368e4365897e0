// Whoever wants to hear of something, told at once; free while nobody listens.
export interface Signal<T> {
  emit(value: T): void
  /** Returns how to end it. */
  on(listener: (value: T) => void): () => void
}

/** `onError` hears of listeners that throw: they must not disturb what they listen to. */
export function createSignal<T>(onError: (error: unknown) => void): Signal<T> {
  const listeners = new Set<(value: T) => void>()
  return {
    emit(value) {
      for (const listener of listeners) {
        try {
          listener(value)
        } catch (error) {
          onError(error)
        }
      }
    },
    on(listener) {
      // A function given twice is heard twice.
      const own = (value: T): void => listener(value)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
  }
}
