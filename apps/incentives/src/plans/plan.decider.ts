import { checkPlan, type ExampleResult, type Problem, runExamples, type Uses } from '@attain/compensation';
import type { EventOf, planPublished, planRetracted } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import { canonicalJson, sha256 } from '@attain/values';

export type PlanEvent = EventOf<typeof planPublished> | EventOf<typeof planRetracted>;
export type PlanCommand =
  /** A whole plan document, every scalar its text. */
  { do: 'publish'; document: Record<string, unknown> } | { do: 'retract'; plan: string; version: string };
export interface PlanState {
  /** The hash of the document of each valid version. */
  versions: Readonly<Record<string, string>>;
}

/** The content that signatures and lines refer to: the document and the copy of all that it uses. */
export function planHash(document: Record<string, unknown>, uses: Uses): string {
  return sha256(canonicalJson({ document, uses }));
}

/**
 * `uses` is the company at the time of publishing. The same version with the same document changes nothing, even if the company
 * has changed, because a version keeps its copy. `concerned` are the names of the caller that the version contains.
 */
export function planDecider(
  uses: Uses,
  concerned: () => Iterable<string> = () => [],
): Decider<PlanState, PlanCommand, PlanEvent> {
  return {
    category: 'plan',
    concerned,
    initial: { versions: {} },
    decide(command, { versions }) {
      if (command.do === 'retract') {
        const { plan, version } = command;
        return version in versions ? [{ type: 'PlanRetracted', data: { plan, version } }] : [];
      }
      const { document } = command;
      const { plan, version } = document as { plan?: string; version?: string };
      const standing = version === undefined ? undefined : versions[version];
      if (standing === documentHash(document)) return [];

      requireValid(document, uses);
      if (standing !== undefined) {
        throw new Refused(
          'VERSION_EXISTS',
          `version ${version} of ${plan} is published with other terms; use another version`,
          { plan, version },
        );
      }
      const failing = runExamples(document, uses).filter(({ passed }) => !passed);
      if (failing.length > 0)
        throw new Refused('PLAN_EXAMPLES', `${failing.length} of its examples fail: ${failed(failing)}`, {
          examples: failing,
        });
      return [
        {
          type: 'PlanPublished',
          data: {
            plan: String(plan),
            version: String(version),
            document,
            uses: { ...uses },
            hash: planHash(document, uses),
          },
        },
      ];
    },
    evolve({ versions }, { type, data }) {
      if (type === 'PlanPublished') return { versions: { ...versions, [data.version]: documentHash(data.document) } };
      const { [data.version]: _, ...others } = versions;
      return { versions: others };
    },
  };
}

/** Refused PLAN_INVALID if the document has problems. */
export function requireValid(document: Record<string, unknown>, uses: Uses): void {
  const problems = checkPlan(document, uses);
  if (problems.length > 0)
    throw new Refused('PLAN_INVALID', `the plan is not valid: ${sentence(problems)}`, { problems });
}

function documentHash(document: Record<string, unknown>): string {
  return sha256(canonicalJson(document));
}

function sentence(problems: readonly Problem[]): string {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return `${first?.path.join('.') || 'document'}: ${first?.message}${more}`;
}

function failed(examples: readonly ExampleResult[]): string {
  const [{ name, failures }] = examples as [ExampleResult, ...ExampleResult[]];
  const [number] = failures;
  return `${JSON.stringify(name)}${number ? `: ${number.path.join('.')} is ${number.actual}, not ${number.expected}` : ''}`;
}
