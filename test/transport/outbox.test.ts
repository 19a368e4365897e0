import { expect, test } from 'vitest'
import { createOutbox, type Outbox } from '../../src/transport/outbox.ts'
import type { Socket } from '../../src/transport/socket.ts'

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

const limits = { items: 10, bytes: 10_000, ageMs: 10_000 }

/** A link whose turns end when `write` is called. */
function createLink() {
  const heard: string[] = []
  let queue: string[] = []
  const link: Writable<Socket> = {
    ...{ remote: '', open: true, pinged: false, writes: 0 },
    send: (text: string) => void queue.push(text),
    close: () => {},
    terminate: () => {},
    unsentBytes: () => 0,
    pause: () => {},
    resume: () => {},
  }
  function write(): void {
    heard.push(...queue)
    queue = []
    link.writes++
  }
  return { link, heard, write }
}

function reconnect(outbox: Outbox): string[] {
  const { link, heard, write } = createLink()
  outbox.connect(link)
  write()
  return heard
}

test('what was sent in the turn in which the link ended is told to the next one, before what came later', () => {
  const outbox = createOutbox(() => {}, limits)
  const { link, heard, write } = createLink()
  outbox.connect(link)
  outbox.send('1')
  write()
  outbox.send('2')
  outbox.send('3')
  link.open = false
  outbox.send('4')
  outbox.disconnect(link, 1000)
  outbox.send('5')
  expect(reconnect(outbox)).toEqual(['2', '3', '4', '5'])
  expect(heard).toEqual(['1'])
})

test('what was written is told once', () => {
  const outbox = createOutbox(() => {}, limits)
  const { link, heard, write } = createLink()
  outbox.send('0')
  outbox.connect(link)
  outbox.send('1')
  write()
  outbox.disconnect(link, 1000)
  expect(reconnect(outbox)).toEqual([])
  expect(heard).toEqual(['0', '1'])
})

test('behind a ping that nobody answered everything counts as unheard, once, in order', () => {
  const outbox = createOutbox(() => {}, limits)
  const { link, write } = createLink()
  outbox.connect(link)
  outbox.send('1')
  write()
  link.pinged = true
  outbox.send('2')
  write()
  outbox.send('3')
  link.open = false
  outbox.send('4')
  outbox.disconnect(link, 1006)
  expect(reconnect(outbox)).toEqual(['2', '3', '4'])
})
