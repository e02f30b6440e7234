import { VERSION_NEUTRAL, type VersioningOptions, VersioningType } from '@nestjs/common';
import { VERSION_METADATA } from '@nestjs/common/constants.js';
import type { NextFunction, Request, Response } from 'express';

const current = '1';
/** Operations are under `/v1`; `@Version(VERSION_NEUTRAL)` marks a controller without a version. */
export const versioning: VersioningOptions = { type: VersioningType.URI, defaultVersion: current };

// Pages and the paths of orchestrators and editors outlive every version of the API.
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

/** Unversioned paths are answered until this day. */
const sunset = new Date('2027-11-30T00:00:00Z').toUTCString();
const deprecated = `@${Date.parse('2026-11-30T00:00:00Z') / 1000}`;

/** An unversioned path is answered as the path under `/v1`, and headers name the new path (RFC 9745, RFC 8594). */
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
