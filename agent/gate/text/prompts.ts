import { maskSecrets } from '../../mask.ts'
import type { GateReason } from '../verdict.ts'

/** Text that speaks to whoever reads the code as an agent, not to people. */
const AIMED: RegExp[] = [
  /\b(ignore|disregard|forget|override)\b.{0,30}\b(previous|prior|above|earlier|all|your|any)\b.{0,30}\b(instructions?|rules?|prompts?|guidelines|findings)\b/i,
  /\b(note|message|instructions?|attention|important)\s*(to|for)\s*(all\s*)?(the\s*)?(ai|llm|claude|gpt|copilot|cursor|codex|coding\s+agents?|agents?|assistants?|reviewers?\s*bots?)\b/i,
  /\b(ai|llm|claude|copilot|agents?|assistants?|reviewers?)\b.{0,40}\b(must|should|please|have to|are (allowed|instructed) to)\b.{0,40}\b(approve|accept|skip|ignore|merge|run|execute|delete|push|disable)\b/i,
  /\bdo not (tell|mention|report|reveal|flag)\b.{0,30}\b(user|human|maintainer|reviewer|this)\b/i,
  /<\/?(system|assistant|human|instructions?)>|\[\/?(INST|SYSTEM)\]|<\|im_(start|end)\|>/i,
  /\b(gate|verdict|review)\s*[:=]\s*(accept(ed)?|approved?|pass(ed)?|safe)\b/i,
  /\bsystem prompt\b|\bjailbreak\b/i,
]

/** Lines that the change brings and no file had before. */
export function plantedReasons(path: string, lines: readonly { text: string; line: number }[]): GateReason[] {
  const out: GateReason[] = []
  for (const { text, line } of lines) {
    const aimed = AIMED.find(pattern => pattern.test(text))
    if (aimed)
      out.push({
        rule: 'agent-instructions',
        object: path,
        evidence: `text aimed at agents: ${text.trim().slice(0, 100)}`,
        file: path,
        line,
      })
    if (maskSecrets(text) !== text)
      out.push({
        rule: 'secret-exposed',
        object: path,
        evidence: `→ ${maskSecrets(text).trim().slice(0, 100)}`,
        file: path,
        line,
      })
  }
  return out.slice(0, 5)
}
