// All accounts of a backend. Greets each new link (who are you, what are you) before its events pass.
import type { UserId } from '../../core/ids.ts'
import type { OutboundServices, OutboundSink } from '../../core/ports.ts'
import { toObject, toText, toUserId, type WireObject } from '../../core/read.ts'
import { createAccount, type Account } from './account.ts'
import { toFlavour, type Flavour } from './flavour.ts'
import { createEventIds, createSendIds, type IdsOptions } from './ids.ts'
import { createIntake, type Intake } from './intake.ts'
import type { LimitedLog } from '../../core/limited-log.ts'
import type { Link, Reports, Role } from './link.ts'
import type { OneBot11OutboundOptions } from './options.ts'

export interface Line {
  account: Account
  intake: Intake
  sendIds: ReturnType<typeof createSendIds>
  eventIds: ReturnType<typeof createEventIds>
}

interface Opening {
  link: Link
  role: Role
  /** Whom the implementation said it connects for. */
  selfId: UserId | undefined
  /** The implementation does not take our token, or does not say who it is. */
  refused(): void
}

export interface Accounts {
  readonly lines: ReadonlyMap<UserId, Line>
  /** `greeted` never rejects; it ends with the greeting, however it went. */
  open(opening: Opening): { reports: Reports; greeted: Promise<void> }
  close(): void
}

export interface AccountsOptions {
  name: string
  options: OneBot11OutboundOptions
  services: OutboundServices
  sink: OutboundSink
  log: LimitedLog
}

/** Events that wait for a greeting. More than a busy account gets in ten seconds. */
const mostEarly = 1000
const greetingMs = 10_000

export function createAccounts({ name, options, services, sink, log }: AccountsOptions): Accounts {
  const lines = new Map<UserId, Line>()
  const links = new Set<Link>()

  function lineOf(bot: UserId): Line {
    const known = lines.get(bot)
    if (known) return known
    const { event: emit, botsChanged: changed } = sink
    const account = createAccount({ bot, backend: name, graceMs: options.graceMs, emit, changed })
    const about: IdsOptions = { services, backend: name, bot, resendByName: () => account.flavour.traits.resendByName }
    const eventIds = createEventIds(about)
    const intake = createIntake({
      bot,
      services,
      ids: eventIds,
      emit,
      log,
      dropped: sink.dropped,
      several: () => account.several,
      reportsFilesTwice: () => account.flavour.traits.reportsFilesTwice,
      loss: (loss) => sink.loss(bot, 'out', loss),
      reported: account.reported,
    })
    const line: Line = { account, intake, eventIds, sendIds: createSendIds(about) }
    lines.set(bot, line)
    return line
  }

  /** What is not answered is left out. */
  async function greet(link: Link): Promise<{ bot: UserId | undefined; nickname: string; flavour: Flavour }> {
    const timeoutMs = Math.min(greetingMs, options.callTimeoutMs)
    const ask = (action: string) => link.ask({ action, params: {}, timeoutMs }).catch(() => undefined)
    const [login, version] = await Promise.all([ask('get_login_info'), ask('get_version_info')])
    const wire = toObject(login) ?? {}
    return {
      bot: toUserId(wire['user_id']),
      nickname: toText(wire['nickname']) ?? '',
      flavour: toFlavour(options.flavour, version),
    }
  }

  function open({ link, role, selfId, refused }: Opening): { reports: Reports; greeted: Promise<void> } {
    let line: Line | undefined
    let lifecycleId: UserId | undefined
    let early: { wire: WireObject; text: string | undefined }[] = []
    let turnedAway = false
    links.add(link)

    const reports: Reports = {
      event(wire, text) {
        if (line) line.intake.receive(wire, link, text)
        else if (early.length < mostEarly) early.push({ wire, text })
        else {
          sink.dropped('event')
          log('warn', 'early', 'events were dropped: too many before the backend said who it is')
        }
      },
      heartbeat: (health) => line?.account.heartbeat(health),
      lifecycle(bot) {
        lifecycleId = bot
      },
      refused() {
        turnedAway = true
        log('warn', 'refused', 'the backend refused the access token')
        refused()
        link.close()
      },
      closed() {
        links.delete(link)
        line?.account.leave(link)
      },
    }

    function join(bot: UserId, facts?: { nickname: string; flavour: Flavour }): void {
      line = lineOf(bot)
      if (!line.account.status().online) line.intake.begin()
      line.account.join(link, role, facts)
      for (const { wire, text } of early) line.intake.receive(wire, link, text)
      early = []
    }

    async function begin(): Promise<void> {
      const facts = await greet(link)
      if (!link.open || turnedAway) return
      const bot = selfId ?? facts.bot ?? lifecycleId
      if (bot === undefined) {
        log('warn', 'nobody', 'the backend does not say which account it has')
        refused()
        return link.close()
      }
      if (facts.bot !== undefined && facts.bot !== bot) {
        log('warn', 'mismatch', `connected for account ${bot}, but logged in as ${facts.bot}`)
      }
      const { plain, name: flavour } = facts.flavour
      log('info', `joined ${bot}`, `account ${bot} on ${plain.implementation} ${plain.version} (${flavour})`)
      join(bot, facts)
    }

    if (role === 'event' && selfId !== undefined) {
      join(selfId)
      return { reports, greeted: Promise.resolve() }
    }
    return { reports, greeted: begin() }
  }

  return {
    lines,
    open,
    close() {
      for (const link of links) link.abandon('the bridge stops')
      for (const { account, intake } of lines.values()) {
        account.close()
        intake.close()
      }
    },
  }
}
