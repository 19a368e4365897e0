// A merged forward that a OneBot backend reports as the light app QQ draws it with: mirai bots read its messages.
import { expect, test } from 'vitest'
import { lab, mio, miraiOverOneBot } from '../golden/translation/stage.ts'

test('a mirai bot gets the messages of a forward that came as a card', async () => {
  const stage = await miraiOverOneBot()
  const content = [{ type: 'text', data: { text: 'one' } }]
  const sender = { user_id: mio, nickname: 'Mio' }
  stage.script('get_forward_msg', { status: 'ok', retcode: 0, data: { messages: [{ sender, time: 5, content }] } })
  const app = { app: 'com.tencent.multimsg', meta: { detail: { resid: 'res-1', news: [{ text: 'Mio: one' }] } } }
  stage.push({
    ...{ post_type: 'message', message_type: 'group', sub_type: 'normal', group_id: lab, user_id: mio, message_id: 12 },
    ...{ message: [{ type: 'json', data: { data: JSON.stringify(app) } }], raw_message: '', font: 0, sender },
  })
  expect((await stage.hear())['messageChain']).toEqual([
    { type: 'Source', id: expect.any(Number), time: expect.any(Number) },
    {
      type: 'Forward',
      display: null,
      nodeList: [
        {
          ...{ senderId: mio, time: 5, senderName: 'Mio', messageChain: [{ type: 'Plain', text: 'one' }] },
          ...{ messageId: null, messageRef: null },
        },
      ],
    },
  ])
  await stage.close()
})
