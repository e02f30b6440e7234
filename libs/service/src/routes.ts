import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { Permission } from './identity/roles.js';
import { COMMAND, PERMISSION, PUBLIC, READS } from './route.js';
import { prefixesOf } from './version.js';

export interface Route {
  method: string;
  path: string;
  handler: string;
  permission?: Permission;
  /** The reason that it is open to everybody. */
  public?: string;
  command: boolean;
  reads: readonly string[];
}

type Walked = { get(token: typeof ModulesContainer, options: { strict: false }): ModulesContainer };

/** A route and the method that handles it. */
export interface HandledRoute {
  readonly method: string;
  readonly path: string;
  readonly name: string;
  readonly handler: object;
  readonly controller: object;
  /** Whether it needs no sign-in. */
  readonly open: boolean;
  read<T>(key: symbol): T | undefined;
}

/**
 * Every route of an application or instance, for tests that check all of them. A route with neither permission nor
 * reason admits nobody.
 */
export function routesOf(app: Walked): Route[] {
  return handledRoutes(app).map(({ method, path, name, read }) => {
    const permission = read<Permission>(PERMISSION);
    const why = read<string>(PUBLIC);
    return {
      method,
      path,
      handler: name,
      ...(permission && { permission }),
      ...(why !== undefined && { public: why }),
      command: read<boolean>(COMMAND) ?? false,
      reads: read<string[]>(READS) ?? [],
    };
  });
}

export function handledRoutes(app: Walked): HandledRoute[] {
  const scanner = new MetadataScanner();
  const routes: HandledRoute[] = [];
  for (const module of app.get(ModulesContainer, { strict: false }).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const prototype = metatype.prototype as Record<string, (...args: unknown[]) => unknown>;
      for (const name of scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name];
        const method = handler && (Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined);
        if (!handler || method === undefined) continue;
        const read = <T>(key: symbol) =>
          (Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, metatype)) as T | undefined;
        const open = read(PERMISSION) === undefined;
        const bases = prefixesOf(metatype, handler).flatMap((version) =>
          pathsOf(metatype).map((base) => joined(version, base)),
        );
        for (const path of bases.flatMap((base) => pathsOf(handler).map((rest) => joined(base, rest)))) {
          routes.push({
            method: RequestMethod[method],
            path,
            name: `${metatype.name}.${name}`,
            handler,
            controller: metatype,
            open,
            read,
          });
        }
      }
    }
  }
  return routes.sort((a, b) => (`${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1));
}

function joined(...parts: string[]): string {
  return `/${parts
    .map((part) => part.replace(/^\/|\/$/g, ''))
    .filter(Boolean)
    .join('/')}`;
}

function pathsOf(target: object): string[] {
  const path = Reflect.getMetadata(PATH_METADATA, target) as string | string[] | undefined;
  return path === undefined ? [''] : [path].flat();
}
