import { VERSION_NEUTRAL, type VersioningOptions, VersioningType } from '@nestjs/common';
import { VERSION_METADATA } from '@nestjs/common/constants.js';
import type { NextFunction, Request, Response } from 'express';

const current = '1';
/** Operations stand under `/v1`; a controller without a version says so with `@Version(VERSION_NEUTRAL)`. */
export const versioning: VersioningOptions = { type: VersioningType.URI, defaultVersion: current };

// Pages, and what orchestrators and editors ask for, outlive every version of the API.
const withoutVersion =
  /^\/(?:(?:home\.css|favicon\.ico|app|docs|docs-json|docs-yaml|health|metrics|v\d+)(?:[/?]|$)|\?|$)/;

/** The path of an operation with its version: `/deals?limit=1` is `/v1/deals?limit=1`, and `/health/ready` stays. */
export function versioned(path: string): string {
  return withoutVersion.test(path) ? path : `/v${current}${path}`;
}

/** The prefixes under which a method of a controller is served, such as `/v1`. */
export function prefixesOf(controller: object, handler: object): string[] {
  const stated = (Reflect.getMetadata(VERSION_METADATA, handler) ??
    Reflect.getMetadata(VERSION_METADATA, controller) ??
    current) as string | symbol | (string | symbol)[];
  return [stated].flat().map((version) => (version === VERSION_NEUTRAL ? '' : `/v${String(version)}`));
}

/** Until this day the paths of before `/v1` are answered. */
const sunset = new Date('2027-11-30T00:00:00Z').toUTCString();
const deprecated = `@${Date.parse('2026-11-30T00:00:00Z') / 1000}`;

/** A path of before `/v1` is answered as the path below it, and the answer names the path to use (RFC 9745, RFC 8594). */
export function serveOldPaths(request: Request, response: Response, next: NextFunction): void {
  const path = versioned(request.url);
  if (path !== request.url) {
    request.url = path;
    response.set({
      Deprecation: deprecated,
      Sunset: sunset,
      Link: `<${path.replace(/[?].*/, '').replace(/[<>]/g, encodeURIComponent)}>; rel="successor-version"`,
    });
  }
  next();
}
