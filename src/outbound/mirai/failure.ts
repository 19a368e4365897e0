// What answers of a mah server that are not successes mean here.
import { BridgeError } from '../../core/error.ts'
import { toInteger, toText, type WireObject } from '../../core/read.ts'
import { toAnswerError, type Answer } from '../../dialect/mirai/index.ts'

export function offline(command: string, backend: string): BridgeError {
  return new BridgeError('offline', `${command}: the server is away`, { backend })
}

export function isSessionLost(answer: Answer): boolean {
  return answer.code === 3 || answer.code === 4
}

/** An answer without syncId always is a refusal, even one that does not say why. */
export function asFailure(data: WireObject): WireObject {
  return toInteger(data['code'])
    ? data
    : { code: 400, msg: toText(data['msg']) ?? 'the server could not read the request' }
}

/** undefined: it went well. */
export function toFailure(answer: Answer, backend: string): BridgeError | undefined {
  if (isSessionLost(answer)) {
    return new BridgeError('offline', 'the server does not keep the session that it gave', { backend })
  }
  // mah's other meaning of code 6; its text names a path on its disk.
  if (answer.code === 6 && answer.msg.startsWith('文件不存在')) {
    return new BridgeError('notFound', 'the server cannot find the file that it was to send', { backend })
  }
  return toAnswerError(answer, backend)
}
