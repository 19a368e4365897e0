// What only Tencent's own servers can do. Kept apart: no other backend can have a true effect here.
import * as v from 'valibot'
import { define } from './define.ts'

const kinds = [
  'cookies',
  'csrfToken',
  'credentials',
  'clientKey',
  'rkey',
  'rkeyServer',
  'ai.characters',
  'ai.record',
  'ai.record.send',
  'ocr',
  'translate',
  'miniApp',
  'share.peer',
  'share.group',
  'keyboard.click',
  'robot.range',
  'packet.send',
  'packet.status',
  'url.check',
  'group.extra',
  'guild.list',
  'guild.profile',
] as const

export const serverActions = {
  /** `params` and result as the OneBot action of that purpose has them. */
  'server.ask': define(v.object({ kind: v.picklist(kinds), params: v.record(v.string(), v.unknown()) }), v.unknown()),
}
