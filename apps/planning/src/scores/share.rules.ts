import { Refused } from '@attain/eventsourcing';
import { Exact } from '@attain/values';

/** A share as people write it, such as 85% or 1/3. Throws Refused INVALID_FIELD. */
export function shareOf(text: string, field: string): Exact {
  if (!/^-?\d{1,12}(\.\d{1,12})?%$|^\d{1,12}\/0*[1-9]\d{0,11}$/.test(text))
    throw new Refused('INVALID_FIELD', `${field}: expected a share such as 85%, found ${JSON.stringify(text)}`, {
      field,
    });
  const share = Exact.parse(text);
  if (share.sign() < 0)
    throw new Refused('INVALID_FIELD', `${field}: expected a share from 0% on, found ${JSON.stringify(text)}`, {
      field,
    });
  return share;
}
