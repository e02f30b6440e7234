import { checkPlan, type ExampleResult, type Problem, runExamples, type Uses } from '@attain/compensation';
import type { EventOf, planPublished, planRetracted } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import { canonicalJson, sha256 } from '@attain/values';

export type PlanEvent = EventOf<typeof planPublished> | EventOf<typeof planRetracted>;
export type PlanCommand =
  /** A whole plan document, every scalar its text. */
  { do: 'publish'; document: Record<string, unknown> } | { do: 'retract'; plan: string; version: string };
export interface PlanState {
  /** Of each version that stands, the hash of its document alone. */
  versions: Readonly<Record<string, string>>;
}

/** What stands behind every signature and every line: the document and the copy of all that it uses. */
export function planHash(document: Record<string, unknown>, uses: Uses): string {
  return sha256(canonicalJson({ document, uses }));
}

/**
 * `uses` is the company as it is when the version is published. Publishing a version again with the same document is nothing
 * new, also when the company has changed since: what a version uses is frozen with it. `concerned` are those of the asker's names
 * that the version names.
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

      const problems = checkPlan(document, uses);
      if (problems.length > 0)
        throw new Refused('PLAN_INVALID', `the plan is not valid: ${sentence(problems)}`, { problems });
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
