import { z } from 'zod';

/** Scalars are stored as text, so that money stays exact and `0012` stays `0012`. */
export const decimalText = z.string().regex(/^-?\d{1,30}(\.\d{1,20})?$/, 'expected a plain decimal such as 1054.50');
export const shareText = z
  .string()
  .regex(/^-?\d{1,12}(\.\d{1,12})?%$|^\d{1,12}\/\d{1,12}$/, 'expected a share such as 50% or 1/3');
export const dateText = z.iso.date();
export const instantText = z.iso.datetime();
export const currencyText = z.string().regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as USD');
export const nameText = z.string().min(1).max(400);
export const idText = z.string().min(1).max(400);
