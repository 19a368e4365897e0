// Error kind <-> OneBot retcode <-> mah code. Numbers and mah texts: mirai-api-http 2.10 StateCode; NapCat's pair of columns.
import type { ErrorKind } from '../src/core/error.ts'

interface Row {
  /** Retcode over HTTP and over WebSocket. */
  onebot11: { http: number; ws: number }
  /** HTTP status of a OneBot or mah answer; 200 unless transport itself refuses. */
  httpStatus: number
  /** mah state code and, where mah has a fixed text, that text. */
  mirai: { code: number; msg?: string }
}

export const codes = {
  badRequest: { onebot11: { http: 400, ws: 1400 }, httpStatus: 400, mirai: { code: 400 } },
  badParameter: { onebot11: { http: 400, ws: 1400 }, httpStatus: 200, mirai: { code: 400 } },
  forbiddenSource: { onebot11: { http: 400, ws: 1400 }, httpStatus: 200, mirai: { code: 6 } },
  unauthorized: { onebot11: { http: 1401, ws: 1401 }, httpStatus: 401, mirai: { code: 1, msg: 'Auth Key错误' } },
  forbidden: { onebot11: { http: 1403, ws: 1403 }, httpStatus: 403, mirai: { code: 1, msg: 'Auth Key错误' } },
  noBot: { onebot11: { http: 200, ws: 1200 }, httpStatus: 200, mirai: { code: 2, msg: '指定Bot不存在' } },
  noSession: { onebot11: { http: 200, ws: 1200 }, httpStatus: 200, mirai: { code: 3, msg: 'Session失效或不存在' } },
  notBound: { onebot11: { http: 200, ws: 1200 }, httpStatus: 200, mirai: { code: 4, msg: 'Session未认证' } },
  unknownAction: { onebot11: { http: 200, ws: 1404 }, httpStatus: 200, mirai: { code: 6, msg: '指定操作不支持' } },
  notSupported: { onebot11: { http: 200, ws: 1200 }, httpStatus: 200, mirai: { code: 6, msg: '指定操作不支持' } },
  notFound: { onebot11: { http: 200, ws: 1200 }, httpStatus: 200, mirai: { code: 5, msg: '指定对象不存在' } },
  noPermission: { onebot11: { http: 200, ws: 1200 }, httpStatus: 200, mirai: { code: 10, msg: '无操作权限' } },
  muted: { onebot11: { http: 200, ws: 1200 }, httpStatus: 200, mirai: { code: 20, msg: 'Bot被禁言' } },
  tooLong: { onebot11: { http: 200, ws: 1200 }, httpStatus: 200, mirai: { code: 30, msg: '消息过长' } },
  offline: { onebot11: { http: 200, ws: 1200 }, httpStatus: 200, mirai: { code: 500 } },
  timeout: { onebot11: { http: 200, ws: 1200 }, httpStatus: 200, mirai: { code: 500 } },
  backend: { onebot11: { http: 200, ws: 1200 }, httpStatus: 200, mirai: { code: 500 } },
  busy: { onebot11: { http: 200, ws: 1200 }, httpStatus: 503, mirai: { code: 500 } },
  internal: { onebot11: { http: 200, ws: 1200 }, httpStatus: 200, mirai: { code: 500 } },
} as const satisfies Record<ErrorKind, Row>

/** What a mah backend's code means. 3 and 4 never get here: the adapter verifies again. Others: `backend`. */
export const miraiCodeKinds = {
  1: 'offline',
  2: 'noBot',
  5: 'notFound',
  6: 'notSupported',
  10: 'noPermission',
  20: 'muted',
  30: 'tooLong',
  400: 'badParameter',
} as const satisfies Record<number, ErrorKind>

/** What a OneBot backend's retcode means when its text does not say more. Others: `backend`. */
export const onebot11RetcodeKinds = {
  1400: 'badParameter',
  400: 'badParameter',
  // QQ's own number, as Lagrange passes it on, and coolq-http-api's.
  120: 'muted',
  '-34': 'muted',
  '-26': 'tooLong',
  102: 'noPermission',
  1401: 'offline',
  1403: 'noPermission',
  1404: 'unknownAction',
  404: 'unknownAction',
} as const satisfies Record<number, ErrorKind>

/**
 * What a OneBot backend's text means; the first row with a word that occurs in `msg`, `message` or `wording` counts,
 * compared in lower case. NapCat puts the cause nowhere else, go-cqhttp answers 100 with an upper-case constant; the
 * second list of a row is what this bridge says as a server, for bridges in a chain.
 */
export const onebot11TextKinds = [
  ['unknownAction', ['不支持的api', 'api_not_found']],
  [
    'notFound',
    [
      ...[
        'not_found',
        'not_exists',
        '不存在',
        'no such',
        'not found',
        '无法获取',
        'invalid_message_id',
        'has_been_checked',
      ],
      ...['已被移出', '不在群', '不是群成员'],
      ...['there is no ', 'is not a member', 'not friends', 'not a friend', 'was recalled'],
    ],
  ],
  [
    'noPermission',
    [
      ...['permission_denied', 'not_manageable', '权限', 'permission', 'not admin'],
      ...[') cannot ', 'cannot recall', 'cannot be recalled', 'takes an admin', 'takes the owner'],
    ],
  ],
  ['badParameter', ['invalid_', 'empty_', '_not_in_range']],
  ['muted', ['禁言', 'muted', '"result":120', '"result": 120']],
  ['tooLong', ['过长', 'too long']],
] as const satisfies readonly (readonly [ErrorKind, readonly string[]])[]
