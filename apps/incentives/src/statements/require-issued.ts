import { NotReady } from '@attain/service';

/** Seconds after which a client should retry a request for statements that are being issued. */
const AGAIN = 5;

/** Throws NotReady while a closed period has statements that are not issued yet. */
export function requireIssued(period: string, issued: number, participants: number): void {
  if (issued < participants)
    throw new NotReady(
      `${period} is closed, and ${issued} of ${participants} statements are issued; the others follow.`,
      AGAIN,
    );
}
