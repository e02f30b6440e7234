import { getJob, type Job } from '@attain/client';
import { useQuery } from '@tanstack/react-query';
import { answerOf } from './client.js';

/** A job that the server works on, asked twice a second until it ends; then `ended` runs. Nothing is asked without an id. */
export function useJob(id: string | undefined, ended: () => Promise<void>) {
  return useQuery({
    queryKey: ['job', id],
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'running' ? 500 : false),
    queryFn: async (): Promise<Job> => {
      const job = await answerOf(getJob({ path: { id: id ?? '' } }));
      if (job.state !== 'running') await ended();
      return job;
    },
  });
}
