import { getSession, Refused, type Session, signIn, signInToDemo, signOut } from '@attain/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, rememberCsrf } from './client.js';

export type Role = Session['roles'][number];

/** Who is signed in, or null. */
export function useSession() {
  return useQuery({
    queryKey: ['session'],
    staleTime: Infinity,
    queryFn: async (): Promise<Session | null> => {
      try {
        const session = await answerOf(getSession());
        rememberCsrf(session.csrf);
        return session;
      } catch (error) {
        if (error instanceof Refused && error.status === 401) return null;
        throw error;
      }
    },
  });
}

/** Of a screen behind the sign-in. */
export function useCaller(): Session {
  const { data } = useSession();
  if (!data) throw new Error('Nobody is signed in.');
  return data;
}

export function mayAny(session: Session, roles: readonly Role[]): boolean {
  return session.roles.some((role) => roles.includes(role));
}

export type DemoRole = 'rep' | 'manager' | 'finance' | 'auditor';
/** The server's description of the sign-in, in the served page. */
export type SignInWays =
  | { kind: 'demo'; company: string; rep: string; manager: string }
  | { kind: 'password' }
  | { kind: 'provider'; issuer: string };

export function signInWays(): SignInWays {
  const content = document.querySelector('meta[name="attain-sign-in"]')?.getAttribute('content') ?? '';
  return content.startsWith('{') ? (JSON.parse(content) as SignInWays) : { kind: 'password' };
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (as: DemoRole | { name: string; password: string }): Promise<void> => {
      if (typeof as === 'string') await answerOf(signInToDemo({ body: { as } }));
      else await answerOf(signIn({ body: as }));
    },
    onSuccess: () => queries.invalidateQueries(),
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answerOf(signOut()),
    onSuccess: () => {
      queries.clear();
      rememberCsrf(null);
      location.assign('/app/');
    },
  });
}
