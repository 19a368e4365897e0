// mirai-ts, unchanged, before each backend.
import { describeMiraiBot, diallingOneBot, embedded, oneBot } from './mirai-matrix.ts'

describeMiraiBot('mirai-ts.ts', [
  ['http', embedded],
  ['ws', embedded],
  ['http', oneBot],
  ['ws', oneBot],
  ['ws', diallingOneBot],
])
