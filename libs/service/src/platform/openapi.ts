import type { INestApplication, Type } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { answered } from '../answers/answered.js';
import { withoutNullable } from '../answers/openapi31.rules.js';
import type { FedHistory } from '../fed-history.js';
import { Authentication } from '../identity/authentication.js';
import { DEMO, type Demo } from '../identity/demo.js';
import { handledRoutes } from '../routes.js';
import { HISTORY, TOPOLOGY, type Topology } from '../tokens.js';
import { examplesOf } from './company-examples.js';
import { describe } from './described.js';
import { exampled } from './examples.rules.js';

/** The API's description at `/docs-json`, and a page of it at `/docs`; built on first use. */
export function publishOpenApi(app: INestApplication, name: string): void {
  app.use('/docs', (_request: Request, response: Response, next: NextFunction) => {
    // The page of swagger-ui brings a style element of its own; its scripts are files.
    response.set(
      'Content-Security-Policy',
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    );
    next();
  });
  SwaggerModule.setup('docs', app, () => openApiOf(app), {
    jsonDocumentUrl: 'docs-json',
    yamlDocumentUrl: 'docs-yaml',
    customSiteTitle: `Attain: ${name}`,
    swaggerOptions: { requestInterceptor: withCsrfToken },
  });
}

/**
 * Runs in the browser: requests from the page carry the CSRF token of the session, which every unsafe request needs.
 */
async function withCsrfToken(request: { method: string; headers: Record<string, string> }): Promise<typeof request> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const session = await fetch('/v1/session');
    if (session.ok) request.headers['X-CSRF-Token'] = ((await session.json()) as { csrf: string }).csrf;
  }
  return request;
}

/** The OpenAPI document of an application. */
export function openApiOf(app: INestApplication): OpenAPIObject {
  const { name } = app.get<Topology>(TOPOLOGY, { strict: false });
  const { cookie } = app.get(Authentication, { strict: false });
  for (const dto of dtosOf(app)) describe(dto);
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(`Attain: ${name}`)
    .setVersion('0.1')
    .addBearerAuth({ type: 'http', scheme: 'bearer' }, 'bearer')
    .addSecurity('session', { type: 'apiKey', in: 'cookie', name: cookie })
    .build();
  const document = withoutNullable(SwaggerModule.createDocument(app, about)) as OpenAPIObject;
  const demo = app.get<Demo | null>(DEMO, { strict: false });
  const examples = demo === null ? undefined : examplesOf(demo, app.get<FedHistory>(HISTORY, { strict: false }));
  return answered(examples === undefined ? document : exampled(document, examples), handledRoutes(app));
}

/** The classes among the parameters of routes. */
function dtosOf(app: INestApplication): Set<Type> {
  const scanner = new MetadataScanner();
  const dtos = new Set<Type>();
  for (const module of app.get(ModulesContainer, { strict: false }).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const prototype = metatype.prototype as object;
      for (const method of scanner.getAllMethodNames(prototype)) {
        const types = (Reflect.getMetadata('design:paramtypes', prototype, method) ?? []) as unknown[];
        for (const type of types) if (typeof type === 'function') dtos.add(type as Type);
      }
    }
  }
  return dtos;
}
