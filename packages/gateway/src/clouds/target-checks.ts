import type { Target } from '../config/target.ts';
import type { Cloud, TargetProblem } from './cloud.ts';
import { endpointProblem, modelNameProblem, projectProblem, regionProblem } from './url-parts.ts';

/** What every cloud asks of the parts of a target that go into a URL or a header. */
export function urlProblems(target: Target): TargetProblem[] {
  const { endpoint, modelName, project, region } = target;
  const found: TargetProblem[] = [];
  const note = (field: TargetProblem['field'], message: string | null): void => {
    if (message !== null) found.push({ field, message });
  };
  // Whether an origin without TLS is wanted is known to the configuration alone.
  if (endpoint !== null) note('endpoint', endpointProblem(endpoint, true));
  note('modelName', modelNameProblem(modelName));
  if (region !== null) note('region', regionProblem(region));
  if (project !== null) note('project', projectProblem(project));
  return found;
}

/** A field that a cloud does not read was meant for another one. */
export function unusedProblems(
  target: Target,
  fields: readonly ('apiVersion' | 'project' | 'region')[],
): TargetProblem[] {
  return fields
    .filter(field => target[field] !== null)
    .map(field => ({ field, message: `means nothing to ${target.cloud}; leave it out` }));
}

/** Throws when a target that was not made by the configuration cannot be called safely. */
export function assertCallable(cloud: Pick<Cloud, 'problems'>, target: Target): void {
  const [problem] = cloud.problems(target);
  if (problem === undefined) return;
  const { field, message } = problem;
  throw new Error(`deployment ${JSON.stringify(target.deployment.id)}: ${field} ${message}`);
}
