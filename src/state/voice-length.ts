// How long a voice is, counted in its frames of 20 ms, for the two forms that QQ plays. Nothing is decoded.

/** Bytes of an AMR-NB frame by its mode, header included; modes that are not there end the reading. */
const amrSizes = [13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1]
const amrStart = '#!AMR\n'
const silkStart = '#!SILK_V3'
const framesASecond = 50

/** Seconds; undefined for other forms, and for what has no frames. */
export function toVoiceLength(bytes: Uint8Array): number | undefined {
  const frames = startsWith(bytes, amrStart, 0)
    ? countAmr(bytes, amrStart.length)
    : startsWith(bytes, silkStart, 0)
      ? countSilk(bytes, silkStart.length)
      : // Tencent's has one byte more in front.
        startsWith(bytes, silkStart, 1)
        ? countSilk(bytes, silkStart.length + 1)
        : 0
  return frames === 0 ? undefined : frames / framesASecond
}

function startsWith(bytes: Uint8Array, text: string, at: number): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text.charCodeAt(index)) return false
  return true
}

/** RFC 4867, 5.3: the mode stands in bits 3 to 6 of each frame's first byte. */
function countAmr(bytes: Uint8Array, start: number): number {
  let frames = 0
  for (let at = start; at < bytes.length; frames++) {
    const size = amrSizes[((bytes[at] as number) >> 3) & 15] as number
    if (size === 0 || at + size > bytes.length) break
    at += size
  }
  return frames
}

/** Each frame begins with its length, two bytes, little end first; -1 ends the file. */
function countSilk(bytes: Uint8Array, start: number): number {
  let frames = 0
  for (let at = start; at + 2 <= bytes.length; frames++) {
    const size = (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
    if (size === 0xffff || size === 0 || at + 2 + size > bytes.length) break
    at += 2 + size
  }
  return frames
}
