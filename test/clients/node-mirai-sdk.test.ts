// node-mirai-sdk, unchanged, before each backend.
import { describeMiraiBot, diallingOneBot, embedded, oneBot } from './mirai-matrix.ts'

describeMiraiBot('node-mirai-sdk.ts', [
  ['http', embedded],
  ['http and ws', embedded],
  ['ws', embedded],
  ['http', oneBot],
  ['ws', oneBot],
  ['ws', diallingOneBot],
])
