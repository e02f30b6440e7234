import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';

/** The API's description at `/docs-json`, and a page of it at `/docs`; it is made when it is first asked for. */
export function publishOpenApi(app: INestApplication, name: string, cookie: string): void {
  const about = new DocumentBuilder()
    .setTitle(`Attain: ${name}`)
    .setVersion('0.1')
    .addBearerAuth({ type: 'http', scheme: 'bearer' }, 'bearer')
    .addSecurity('session', { type: 'apiKey', in: 'cookie', name: cookie })
    .build();
  app.use('/docs', (_request: Request, response: Response, next: NextFunction) => {
    // The page of swagger-ui brings a style element of its own; its scripts are files.
    response.set('Content-Security-Policy', "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
    next();
  });
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, about), { jsonDocumentUrl: 'docs-json', yamlDocumentUrl: 'docs-yaml' });
}
