// Questions on a terminal, with arrow keys.
import type { Asking } from './init-questions.ts'
import { CliError } from './guard.ts'

/** `ask` gets a person to ask; what it makes of the answers is said at the end. */
export async function runWizard<T>(title: string, ask: (asking: Asking) => Promise<T>): Promise<T> {
  // Loaded on demand: no other command asks anything.
  const prompts = await import('@clack/prompts')

  async function answered<A>(answer: Promise<A>): Promise<Exclude<A, symbol>> {
    const value = await answer
    if (!prompts.isCancel(value)) return value as Exclude<A, symbol>
    prompts.cancel('Given up.')
    throw new CliError('nothing was written')
  }

  prompts.intro(title)
  const result = await ask({
    choose: (message, choices) => answered(prompts.select({ message, options: [...choices] })),
    several: (message, choices) =>
      answered(
        prompts.multiselect({
          message,
          options: [...choices],
          initialValues: choices.map(({ value }) => value),
          required: true,
        }),
      ),
    async text({ question: message, fallback, fault }) {
      const validate = (given = ''): string | undefined => {
        const text = given.trim() || fallback
        return text === undefined ? 'an answer is needed' : fault?.(text)
      }
      const placeholder = fallback === '' ? 'none' : fallback
      const given = await answered(prompts.text({ message, validate, ...(placeholder && { placeholder }) }))
      return given.trim() || (fallback ?? '')
    },
  })
  prompts.outro('That is all.')
  return result
}
